package dev.roomful.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleDescriptor.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The listing of a module's public API: what its descriptor exports and requires transitively, and
 * all types and members of its exported packages that code outside can use. Packages that are
 * exported to named modules only are not listed. The order is canonical, so that two listings of
 * one API are equal.
 */
final class PublicApi {
  private PublicApi() {}

  /**
   * Lists the API of a module.
   *
   * @param classes the folder of its compiled classes, which are on the class path too
   * @return the lines; none if the module exports no package
   */
  static List<String> of(Path classes) throws IOException {
    Path descriptor = classes.resolve("module-info.class");
    if (!Files.exists(descriptor)) {
      return List.of();
    }
    ModuleDescriptor module;
    try (InputStream in = Files.newInputStream(descriptor)) {
      module = ModuleDescriptor.read(in);
    }
    SortedSet<String> packages = new TreeSet<>();
    for (Exports exports : module.exports()) {
      if (!exports.isQualified()) {
        packages.add(exports.source());
      }
    }
    if (packages.isEmpty()) {
      return List.of();
    }
    Visibility visibility = new Visibility(classes, packages);
    List<String> lines = new ArrayList<>(descriptorLines(module));
    for (String each : packages) {
      lines.addAll(packageLines(each, types(classes, each), visibility));
    }
    return lines;
  }

  private static List<String> descriptorLines(ModuleDescriptor module) {
    Stream<String> exports = module.exports().stream().map(PublicApi::listed);
    Stream<String> requires =
        module.requires().stream()
            .filter(each -> each.modifiers().contains(Requires.Modifier.TRANSITIVE))
            .map(PublicApi::requires);
    List<String> lines = new ArrayList<>();
    lines.add("module " + module.name());
    exports.map(line -> "  exports " + line).sorted().forEach(lines::add);
    requires.map(line -> "  requires " + line).sorted().forEach(lines::add);
    return lines;
  }

  private static String requires(Requires each) {
    boolean optional = each.modifiers().contains(Requires.Modifier.STATIC);
    return (optional ? "static transitive " : "transitive ") + each.name();
  }

  private static List<String> packageLines(
      String name, List<Class<?>> types, Visibility visibility) {
    List<String> lines = new ArrayList<>(List.of("", annotations(types) + "package " + name));
    for (Class<?> type : types) {
      if (visibility.isVisible(type)) {
        lines.add("");
        lines.addAll(new TypeListing(type, visibility).lines());
      }
    }
    return lines;
  }

  /** Annotations of a package, such as {@code @NullMarked}, are read from any type in it. */
  private static String annotations(List<Class<?>> types) {
    return types.stream()
        .limit(1)
        .flatMap(type -> Arrays.stream(type.getPackage().getAnnotations()))
        .map(each -> "@" + each.annotationType().getSimpleName() + " ")
        .sorted()
        .collect(Collectors.joining());
  }

  private static List<Class<?>> types(Path classes, String packageName) throws IOException {
    Path folder = classes.resolve(packageName.replace('.', '/'));
    List<String> names;
    try (Stream<Path> files = Files.list(folder)) {
      names =
          files
              .map(file -> file.getFileName().toString())
              .filter(file -> file.endsWith(".class") && !file.endsWith("-info.class"))
              .map(file -> packageName + "." + file.substring(0, file.length() - 6))
              .toList();
    }
    List<Class<?>> types = new ArrayList<>();
    for (String name : names) {
      types.add(load(name));
    }
    types.sort(Comparator.comparing(Class::getName));
    return types;
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, PublicApi.class.getClassLoader());
    } catch (ClassNotFoundException missing) {
      throw new IllegalStateException(name + " is not on the class path of the tests", missing);
    }
  }

  /** {@return an export with its targets in one order, which they do not have themselves} */
  private static String listed(Exports exports) {
    return exports.isQualified()
        ? exports.source() + " to " + new TreeSet<>(exports.targets())
        : exports.source();
  }
}
