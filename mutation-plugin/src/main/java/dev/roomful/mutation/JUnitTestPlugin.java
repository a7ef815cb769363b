package dev.roomful.mutation;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.engine.JupiterTestEngine;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.pitest.classinfo.ClassByteArraySource;
import org.pitest.help.PitHelpError;
import org.pitest.testapi.AbstractTestUnit;
import org.pitest.testapi.Configuration;
import org.pitest.testapi.Description;
import org.pitest.testapi.ResultCollector;
import org.pitest.testapi.TestGroupConfig;
import org.pitest.testapi.TestPluginFactory;
import org.pitest.testapi.TestSuiteFinder;
import org.pitest.testapi.TestUnit;
import org.pitest.testapi.TestUnitExecutionListener;
import org.pitest.testapi.TestUnitFinder;

/**
 * Lets pitest run tests of JUnit.
 *
 * <p>Each JVM in which pitest tries mutants looks for tests first. This plugin does not run them to
 * find them, so all invocations of a parameterized test are one test for pitest; and it has one
 * launcher for all tests of the JVM.
 */
public final class JUnitTestPlugin implements TestPluginFactory {
  @Override
  public String name() {
    return "junit-discovery";
  }

  @Override
  public String description() {
    return "JUnit tests, found without running them";
  }

  @Override
  public Configuration createTestFrameworkConfiguration(
      TestGroupConfig groups,
      ClassByteArraySource source,
      Collection<String> excludedRunners,
      Collection<String> includedTestMethods) {
    Launcher launcher = LauncherFactory.create(withoutExtensions());
    return new Configuration() {
      @Override
      public TestUnitFinder testUnitFinder() {
        return new Finder(launcher, groups.getExcludedGroups());
      }

      @Override
      public TestSuiteFinder testSuiteFinder() {
        return type -> List.of();
      }

      @Override
      public Optional<PitHelpError> verifyEnvironment() {
        return Optional.empty();
      }
    };
  }

  /** Each test that runs would ask them: without, a run takes a quarter less processor time. */
  private static LauncherConfig withoutExtensions() {
    return LauncherConfig.builder()
        .enableTestEngineAutoRegistration(false)
        .addTestEngines(new JupiterTestEngine())
        .enablePostDiscoveryFilterAutoRegistration(false)
        .enableLauncherSessionListenerAutoRegistration(false)
        .enableLauncherDiscoveryListenerAutoRegistration(false)
        .enableTestExecutionListenerAutoRegistration(false)
        .build();
  }

  private static LauncherDiscoveryRequest request(
      DiscoverySelector selector, List<String> excludedTags) {
    LauncherDiscoveryRequestBuilder builder =
        LauncherDiscoveryRequestBuilder.request()
            .enableImplicitConfigurationParameters(false)
            .selectors(selector);
    return excludedTags.isEmpty()
        ? builder.build()
        : builder.filters(TagFilter.excludeTags(excludedTags)).build();
  }

  private record Finder(Launcher launcher, List<String> excludedTags) implements TestUnitFinder {
    @Override
    public List<TestUnit> findTestUnits(Class<?> type, TestUnitExecutionListener listener) {
      List<TestUnit> found = new ArrayList<>();
      if (type.getEnclosingClass() == null) {
        TestPlan plan =
            launcher.discover(request(DiscoverySelectors.selectClass(type), excludedTags));
        plan.getRoots().forEach(root -> addTests(plan, root, type, found));
      }
      return found;
    }

    private void addTests(
        TestPlan plan, TestIdentifier identifier, Class<?> type, List<TestUnit> found) {
      if (identifier.getSource().orElse(null) instanceof MethodSource source) {
        Method method = source.getJavaMethod();
        found.add(new Unit(launcher, identifier.getUniqueId(), type, method));
      } else {
        plan.getChildren(identifier).forEach(child -> addTests(plan, child, type, found));
      }
    }
  }

  /** A method with all its invocations. */
  private static final class Unit extends AbstractTestUnit {
    private final Launcher launcher;
    private final DiscoverySelector selector;

    Unit(Launcher launcher, String id, Class<?> type, Method method) {
      super(new Description(id, type));
      this.launcher = launcher;
      this.selector = DiscoverySelectors.selectMethod(type, method);
    }

    @Override
    public void execute(ResultCollector results) {
      FirstFailure listener = new FirstFailure();
      results.notifyStart(getDescription());
      launcher.execute(request(selector, List.of()), listener);
      Throwable failure = listener.failure;
      if (failure == null) {
        results.notifyEnd(getDescription());
      } else {
        results.notifyEnd(getDescription(), failure);
      }
    }
  }

  private static final class FirstFailure implements TestExecutionListener {
    @Nullable Throwable failure;

    @Override
    public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
      if (failure == null && result.getStatus() == TestExecutionResult.Status.FAILED) {
        failure =
            result.getThrowable().orElseGet(() -> new AssertionError(identifier.getDisplayName()));
      }
    }
  }
}
