package dev.roomful.testsupport;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** A {@code pom.xml} as it is written, without inheritance. */
final class PomFile {
  static final Path ROOT =
      Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("..").normalize();

  private final Element project;

  private PomFile(Element project) {
    this.project = project;
  }

  /**
   * @param module the folder of a module, relative to the root of the project; empty for the root
   */
  static PomFile of(String module) {
    Path file = ROOT.resolve(module).resolve("pom.xml");
    try {
      return new PomFile(
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(file.toFile())
              .getDocumentElement());
    } catch (Exception unreadable) {
      throw new IllegalStateException("cannot read " + file, unreadable);
    }
  }

  /** {@return the texts of all elements with these names, from the project's children on} */
  List<String> texts(String... path) {
    List<Element> found = List.of(project);
    for (String name : path) {
      List<Element> next = new ArrayList<>();
      for (Element element : found) {
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
          if (child instanceof Element && child.getNodeName().equals(name)) {
            next.add((Element) child);
          }
        }
      }
      found = next;
    }
    return found.stream().map(element -> element.getTextContent().strip()).toList();
  }

  Optional<String> text(String... path) {
    return texts(path).stream().findFirst();
  }

  String property(String name) {
    return text("properties", name)
        .orElseThrow(() -> new IllegalArgumentException("no property " + name));
  }

  /** {@return the version that the dependency management of this file has for an artifact} */
  String managedVersion(String artifact) {
    List<String> artifacts =
        texts("dependencyManagement", "dependencies", "dependency", "artifactId");
    List<String> versions = texts("dependencyManagement", "dependencies", "dependency", "version");
    return versions.get(artifacts.indexOf(artifact));
  }
}
