package dev.roomful.testsupport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleDescriptor.Requires.Modifier;
import java.lang.module.ModuleFinder;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checks that an application's module can require the module under test. Runs in every module that
 * depends on {@code test-support}, as {@link PublicApiTest} does.
 */
class ModulePathTest {
  private static final String JSPECIFY = "org.jspecify";

  @TempDir Path output;

  private static ModuleDescriptor moduleUnderTest() throws IOException {
    Path descriptor =
        Path.of(System.getProperty("basedir", ""), "target", "classes", "module-info.class")
            .toAbsolutePath();
    assumeTrue(Files.exists(descriptor), "the module under test has no module descriptor");
    try (InputStream bytes = Files.newInputStream(descriptor)) {
      return ModuleDescriptor.read(bytes);
    }
  }

  /**
   * The compiler needs such modules for each module that requires this one, and Maven does not pass
   * on a dependency of scope {@code provided}.
   */
  @Test
  void noOptionalModuleIsRequiredTransitively() throws IOException {
    assertEquals(
        List.of(),
        moduleUnderTest().requires().stream()
            .filter(
                required ->
                    required.modifiers().containsAll(Set.of(Modifier.STATIC, Modifier.TRANSITIVE)))
            .map(Requires::name)
            .toList());
  }

  @Test
  void aModuleThatRequiresThisOneCompilesWithoutItsProvidedDependencies() throws IOException {
    ModuleDescriptor module = moduleUnderTest();
    List<Path> all =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(Path::of)
            .filter(Files::exists)
            .toList();
    ModuleFinder finder =
        ModuleFinder.compose(ModuleFinder.ofSystem(), ModuleFinder.of(all.toArray(Path[]::new)));
    Map<String, ModuleDescriptor> graph = new HashMap<>();
    Set<String> missing = new HashSet<>();
    resolve(module, finder, graph, missing);
    assumeTrue(missing.isEmpty(), () -> "not on the class path as modules: " + missing);
    // JUnit, for example, has it as a dependency of scope "compile".
    boolean broughtByOthers =
        graph.values().stream()
            .filter(descriptor -> !descriptor.name().startsWith("dev.roomful"))
            .flatMap(descriptor -> descriptor.requires().stream())
            .anyMatch(required -> required.name().equals(JSPECIFY));
    List<Path> modulePath =
        all.stream().filter(entry -> broughtByOthers || !isJspecify(entry)).toList();
    StringWriter messages = new StringWriter();
    assertTrue(
        compile("module application { requires " + module.name() + "; }", modulePath, messages),
        messages::toString);
  }

  /** Adds a module and those that it requires, except optional ones. */
  private static void resolve(
      ModuleDescriptor module,
      ModuleFinder finder,
      Map<String, ModuleDescriptor> graph,
      Set<String> missing) {
    if (graph.put(module.name(), module) != null) {
      return;
    }
    for (Requires required : module.requires()) {
      if (!required.modifiers().contains(Modifier.STATIC)) {
        finder
            .find(required.name())
            .ifPresentOrElse(
                found -> resolve(found.descriptor(), finder, graph, missing),
                () -> missing.add(required.name()));
      }
    }
  }

  private static boolean isJspecify(Path entry) {
    return ModuleFinder.of(entry).find(JSPECIFY).isPresent();
  }

  private boolean compile(String moduleInfo, List<Path> modulePath, StringWriter messages)
      throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    JavaFileObject source =
        new SimpleJavaFileObject(
            URI.create("string:///module-info.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return moduleInfo;
          }
        };
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "-proc:none",
              "-d",
              output.toString(),
              "--module-path",
              modulePath.stream()
                  .map(Path::toString)
                  .collect(Collectors.joining(File.pathSeparator)));
      return compiler.getTask(messages, files, null, options, null, List.of(source)).call();
    }
  }
}
