package dev.roomful.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Cases and rules belong together. */
class RulesTest {
  /** The rules of {@link TransportContract} that cases can prove: all but 2.3. */
  private static final List<String> RULES =
      List.of(
          "1.1", "1.2", "1.3", "1.4", "1.5", "2.1", "2.2", "2.4", "2.5", "3.1", "3.2", "3.3", "3.4",
          "4.1", "4.2", "4.3", "5.1", "5.2");

  private static Stream<Method> cases() {
    return Stream.<Class<?>>iterate(
            WireContract.class, type -> type != Object.class, Class::getSuperclass)
        .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
        .filter(method -> method.isAnnotationPresent(Test.class));
  }

  @Test
  void eachCaseNamesItsRule() {
    assertEquals(
        List.of(),
        cases()
            .filter(method -> !method.isAnnotationPresent(Rule.class))
            .map(Method::getName)
            .toList());
  }

  @Test
  void eachRuleHasACase() {
    TreeSet<String> proven = new TreeSet<>();
    cases().forEach(method -> proven.add(method.getAnnotation(Rule.class).value()));
    assertEquals(RULES, List.copyOf(proven));
  }
}
