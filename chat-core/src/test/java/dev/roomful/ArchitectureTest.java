package dev.roomful;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Admission;
import dev.roomful.admission.Handshake;
import dev.roomful.admission.Rejection;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** DESIGN.md section 3 and the house style, as far as a machine can see them. */
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
  void theCoreDependsOnNothingButTheJdk() {
    classes()
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage("java..", "org.jspecify.annotations", "dev.roomful.."))
        .check(CORE);
  }

  @Test
  void nothingUsesTheTestingPackageButItself() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.roomful.testing")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.roomful.testing")
        .check(CORE);
  }

  /** A transport knows the door and what passes through it, and nothing of what is behind it. */
  @Test
  void whatTransportsSeeOfTheChatIsOnlyItsDoor() {
    List<Class<?>> door =
        List.of(
            Admission.class,
            AcceptedAdmission.class,
            Handshake.class,
            Limits.class,
            Rejection.class);
    noClasses()
        .that()
        .resideInAPackage("dev.roomful.transport")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("dev.roomful")
                .and(
                    com.tngtech.archunit.base.DescribedPredicate.describe(
                        "not the door", type -> door.stream().noneMatch(type::isEquivalentTo))))
        .check(CORE);
  }

  @Test
  void namesAreNounsOfAChatAndNotOfSoftware() {
    noClasses()
        .should()
        .haveNameMatching(".*(Impl|Manager|Util|Utils|Helper|Abstract|Base)(\\$.*)?")
        .orShould()
        .haveNameMatching(".*[.$](Abstract|Base)[A-Z].*")
        .check(CORE);
  }

  @Test
  void accessorsHaveNoGet() {
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
  void noStateIsStatic() {
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
  void nobodySleepsButTheOneWhoseTaskItIs() {
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
    assertEquals(List.of("dev.roomful.DefaultScheduler.pause(java.time.Duration)"), sleepers);
  }

  /** "About fifteen public types are plenty": whoever adds one shows that it has to be public. */
  @Test
  void publicIsAPromiseThatIsMadeSparingly() {
    List<String> promised =
        CORE.stream()
            .filter(type -> type.getPackageName().equals("dev.roomful"))
            .filter(JavaClass::isTopLevelClass)
            .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
            .map(JavaClass::getSimpleName)
            .sorted()
            .toList();
    assertTrue(promised.size() >= 10 && promised.size() <= 26, promised.toString());
  }
}
