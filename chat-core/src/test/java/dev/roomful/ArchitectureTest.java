package dev.roomful;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The layers of docs/design.md and the rules of style that a program can check. */
class ArchitectureTest {
  private static final JavaClasses CORE = core();

  private static JavaClasses core() {
    try {
      return new ClassFileImporter()
          .importPath(
              Path.of(Chat.class.getProtectionDomain().getCodeSource().getLocation().toURI()));
    } catch (URISyntaxException impossible) {
      throw new AssertionError(impossible);
    }
  }

  @Test
  void theCoreDependsOnlyOnTheJdk() {
    classes()
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage("java..", "jdk.jfr", "org.jspecify.annotations", "dev.roomful.."))
        .check(CORE);
  }

  @Test
  void noPackageDependsOnTheTestingPackage() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.roomful.testing")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.roomful.testing")
        .check(CORE);
  }

  /** From the lowest layer to the highest; imports only point down. */
  private static final List<String> LAYERS =
      List.of(
          "dev.roomful.internal.validation",
          "dev.roomful.admission",
          "dev.roomful.cluster",
          "dev.roomful",
          "dev.roomful.transport",
          "dev.roomful.protocol",
          "dev.roomful.internal.observation",
          "dev.roomful.internal.delivery",
          "dev.roomful.internal.cluster",
          "dev.roomful.internal.state",
          "dev.roomful.internal.room",
          "dev.roomful.internal.session",
          "dev.roomful.internal.runtime");

  @Test
  void importsOnlyPointDownTheLayers() {
    for (int i = 0; i < LAYERS.size() - 1; i++) {
      noClasses()
          .that()
          .resideInAPackage(LAYERS.get(i))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(LAYERS.subList(i + 1, LAYERS.size()).toArray(new String[0]))
          .check(CORE);
    }
  }

  @Test
  void everyPackageHasALayer() {
    Set<String> packages =
        CORE.stream().map(JavaClass::getPackageName).collect(Collectors.toCollection(TreeSet::new));
    packages.removeAll(LAYERS);
    assertEquals(Set.of("dev.roomful.testing"), packages);
  }

  @Test
  void packagesAreFreeOfCycles() {
    SlicesRuleDefinition.slices().matching("(**)").should().beFreeOfCycles().check(CORE);
  }

  @Test
  void deliveryKnowsFramesAndNotRooms() {
    noClasses()
        .that()
        .resideInAPackage("dev.roomful.internal.delivery")
        .should()
        .dependOnClassesThat()
        .areAssignableTo(Room.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Participant.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Message.class)
        .check(CORE);
  }

  @Test
  void typeNamesContainNoGenericSuffixes() {
    noClasses()
        .should()
        .haveNameMatching(".*(Impl|Manager|Util|Utils|Helper|Abstract|Base)(\\$.*)?")
        .orShould()
        .haveNameMatching(".*[.$](Abstract|Base)[A-Z].*")
        .check(CORE);
  }

  @Test
  void accessorsHaveNoGetPrefix() {
    List<String> getters =
        CORE.stream()
            .flatMap(type -> type.getMethods().stream())
            .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC))
            .filter(method -> method.getName().matches("get[A-Z].*"))
            .map(method -> method.getFullName())
            .toList();
    assertEquals(List.of(), getters);
  }

  @Test
  void staticFieldsAreFinal() {
    fields().that().areStatic().should().beFinal().check(CORE);
    noClasses()
        .should()
        .dependOnClassesThat()
        .areAssignableTo(ThreadLocal.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(java.util.Timer.class)
        .check(CORE);
  }

  @Test
  void onlyTheSchedulerSleeps() {
    List<String> sleepers =
        CORE.stream()
            .flatMap(type -> type.getMethodCallsFromSelf().stream())
            .filter(
                call ->
                    call.getTargetOwner().isEquivalentTo(Thread.class)
                        || call.getTargetOwner().isEquivalentTo(TimeUnit.class))
            .filter(call -> call.getName().equals("sleep"))
            .map(call -> call.getOrigin().getFullName())
            .toList();
    assertEquals(
        List.of("dev.roomful.internal.delivery.DefaultScheduler.pause(java.time.Duration)"),
        sleepers);
  }

  /** Each public type is a promise: a new one has to be added here, with a reason in design.md. */
  @Test
  void theNumberOfPublicTypesIsKnown() {
    Map<String, Long> publicTypes =
        CORE.stream()
            .filter(JavaClass::isTopLevelClass)
            .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
            .filter(type -> !type.getPackageName().startsWith("dev.roomful.internal"))
            .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
    assertEquals(
        Map.of(
            "dev.roomful", 27L,
            "dev.roomful.admission", 10L,
            "dev.roomful.cluster", 8L,
            "dev.roomful.transport", 7L,
            "dev.roomful.protocol", 10L,
            "dev.roomful.testing", 5L),
        publicTypes);
  }

  private static boolean logsAThrowable(JavaMethodCall call) {
    return call.getTargetOwner().isEquivalentTo(System.Logger.class)
        && call.getTarget().getRawParameterTypes().stream()
            .anyMatch(type -> type.isEquivalentTo(Throwable.class));
  }

  @Test
  void onlyTheFailureLogLogsThrowables() {
    classes()
        .that()
        .doNotHaveFullyQualifiedName("dev.roomful.internal.validation.FailureLog")
        .should(
            new ArchCondition<JavaClass>("log throwables with FailureLog, which escapes them") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                type.getMethodCallsFromSelf().stream()
                    .filter(ArchitectureTest::logsAThrowable)
                    .forEach(
                        call -> events.add(SimpleConditionEvent.violated(type, call.toString())));
              }
            })
        .check(CORE);
  }
}
