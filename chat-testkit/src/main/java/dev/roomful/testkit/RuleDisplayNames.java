package dev.roomful.testkit;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.DisplayNameGenerator;

/** Display names of cases: the number of their rule, and their method's name in words. */
final class RuleDisplayNames extends DisplayNameGenerator.Standard {
  @Override
  public String generateDisplayNameForMethod(
      List<Class<?>> enclosing, Class<?> testClass, Method method) {
    Rule rule = method.getAnnotation(Rule.class);
    String words =
        method.getName().replaceAll("([A-Z0-9]+)", " $1").toLowerCase(Locale.ROOT).strip();
    return rule == null ? words : rule.value() + " " + words;
  }
}
