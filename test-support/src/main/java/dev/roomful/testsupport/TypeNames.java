package dev.roomful.testsupport;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Writes types as they appear in source, with annotations such as {@code @Nullable}. Names of the
 * package at hand and of {@code java.lang} are short.
 */
final class TypeNames {
  private final String packageName;

  TypeNames(String packageName) {
    this.packageName = packageName;
  }

  String of(Class<?> type) {
    if (type.isArray()) {
      return of(type.getComponentType()) + "[]";
    }
    String owner = type.getPackageName();
    String name = type.getTypeName().replace('$', '.');
    boolean isShort =
        !type.isPrimitive() && (owner.equals(packageName) || owner.equals("java.lang"));
    return isShort ? name.substring(owner.length() + 1) : name;
  }

  String of(AnnotatedType type) {
    StringBuilder dimensions = new StringBuilder();
    AnnotatedType element = type;
    while (element instanceof AnnotatedArrayType array) {
      String annotations = annotations(array);
      dimensions.append(annotations.isEmpty() ? "" : " " + annotations).append("[]");
      element = array.getAnnotatedGenericComponentType();
    }
    return annotations(element) + withoutAnnotations(element) + dimensions;
  }

  /** {@return the list of type parameters in angle brackets, or nothing} */
  String parameters(TypeVariable<?>[] variables) {
    return variables.length == 0
        ? ""
        : Arrays.stream(variables)
            .map(each -> each.getName() + bounds(" extends ", " & ", each.getAnnotatedBounds()))
            .collect(Collectors.joining(", ", "<", ">"));
  }

  private String withoutAnnotations(AnnotatedType type) {
    if (type instanceof AnnotatedParameterizedType generic) {
      Class<?> raw = (Class<?>) ((ParameterizedType) generic.getType()).getRawType();
      return Arrays.stream(generic.getAnnotatedActualTypeArguments())
          .map(this::of)
          .collect(Collectors.joining(", ", of(raw) + "<", ">"));
    }
    if (type instanceof AnnotatedWildcardType wildcard) {
      AnnotatedType[] lower = wildcard.getAnnotatedLowerBounds();
      return lower.length > 0
          ? "?" + bounds(" super ", " & ", lower)
          : "?" + bounds(" extends ", " & ", wildcard.getAnnotatedUpperBounds());
    }
    Type plain = type.getType();
    return plain instanceof Class<?> named ? of(named) : plain.getTypeName();
  }

  /** An upper bound that is {@code Object} without annotations says nothing. */
  private String bounds(String keyword, String separator, AnnotatedType[] bounds) {
    String text = Arrays.stream(bounds).map(this::of).collect(Collectors.joining(separator));
    return text.isEmpty() || (keyword.equals(" extends ") && text.equals("Object"))
        ? ""
        : keyword + text;
  }

  private static String annotations(AnnotatedType type) {
    return Arrays.stream(type.getAnnotations())
        .map(TypeNames::annotation)
        .sorted()
        .collect(Collectors.joining());
  }

  private static String annotation(Annotation each) {
    return "@" + each.annotationType().getSimpleName() + " ";
  }
}
