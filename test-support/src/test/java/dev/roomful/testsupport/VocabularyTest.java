package dev.roomful.testsupport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Sources and documents use the terms of docs/design.md, and none of the words that the project
 * used before for the same concepts.
 */
class VocabularyTest {
  private static final Path ROOT =
      Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("..").normalize();

  /** The classes of one letter keep this file from matching. */
  private static final Pattern RETIRED =
      Pattern.compile(
          "[d]oorman|[f]oyer|\\bguests?\\b|[l]etterbox|\\bvisits?\\b|\\bstay\\b|[w]ording",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern TEXT =
      Pattern.compile(
          ".*\\.(java|js|mjs|json|html|css|md|xml|yml|proto|properties|txt|svg|config|cmd)"
              + "|LICENSE|mvnw");

  private static final Set<String> SKIPPED_FOLDERS =
      Set.of("target", "node_modules", ".git", ".idea", ".vscode", ".settings");

  @Test
  void noSourceOrDocumentUsesARetiredTerm() throws IOException {
    List<Path> files = textFiles();
    assertTrue(files.contains(ROOT.resolve("README.md")), () -> "no sources below " + ROOT);
    List<String> matches = new ArrayList<>();
    for (Path file : files) {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        if (RETIRED.matcher(lines.get(i)).find()) {
          matches.add(relative(file) + ":" + (i + 1) + ": " + lines.get(i).strip());
        }
      }
    }
    assertEquals("", String.join("\n", matches), "use the terms of docs/design.md instead");
  }

  private static List<Path> textFiles() throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return isSkipped(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (TEXT.matcher(file.getFileName().toString()).matches()) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }

  private static boolean isSkipped(Path folder) {
    return SKIPPED_FOLDERS.contains(folder.getFileName().toString());
  }

  private static String relative(Path path) {
    return ROOT.relativize(path).toString().replace('\\', '/');
  }
}
