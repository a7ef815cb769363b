package dev.roomful.testsupport;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The listing of one type: its declaration, and its members indented. */
final class TypeListing {
  /** Annotations of declarations that are part of the contract with callers. */
  private static final Set<Class<? extends Annotation>> SHOWN =
      Set.of(Deprecated.class, FunctionalInterface.class);

  private final Class<?> type;
  private final Visibility visibility;
  private final TypeNames names;

  TypeListing(Class<?> type, Visibility visibility) {
    this.type = type;
    this.visibility = visibility;
    this.names = new TypeNames(type.getPackageName());
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(declaration());
    for (String member : new MemberLines(type, visibility, names).sorted()) {
      lines.add("  " + member);
    }
    return lines;
  }

  /** {@return the annotations that are listed, each followed by a space} */
  static String annotations(Annotation[] all) {
    return Arrays.stream(all)
        .filter(each -> SHOWN.contains(each.annotationType()))
        .map(
            each ->
                "@"
                    + each.annotationType().getSimpleName()
                    + (each instanceof Deprecated old && old.forRemoval()
                        ? "(forRemoval = true) "
                        : " "))
        .sorted()
        .collect(Collectors.joining());
  }

  private String declaration() {
    return annotations(type.getAnnotations())
        + modifiers()
        + kind()
        + names.of(type)
        + names.parameters(type.getTypeParameters())
        + components()
        + parents()
        + permitted();
  }

  private boolean isClass() {
    return !type.isInterface() && !type.isEnum() && !type.isRecord();
  }

  private boolean isSealed() {
    // Since Java 17 an enum whose constants have bodies is sealed, too, which is no concern of
    // callers.
    return type.isSealed() && !type.isEnum();
  }

  private String modifiers() {
    int shown = Modifier.PUBLIC | Modifier.PROTECTED;
    if (isClass()) {
      shown |= Modifier.ABSTRACT | Modifier.STATIC | Modifier.FINAL;
    }
    String text = Modifier.toString(type.getModifiers() & shown) + " ";
    return isSealed() ? text + "sealed " : text;
  }

  private String kind() {
    if (type.isAnnotation()) {
      return "@interface ";
    }
    if (type.isInterface()) {
      return "interface ";
    }
    if (type.isEnum()) {
      return "enum ";
    }
    return type.isRecord() ? "record " : "class ";
  }

  private String components() {
    return type.isRecord()
        ? Arrays.stream(type.getRecordComponents())
            .map(each -> names.of(each.getAnnotatedType()) + " " + each.getName())
            .collect(Collectors.joining(", ", "(", ")"))
        : "";
  }

  private String parents() {
    List<String> classes = new ArrayList<>();
    List<String> interfaces = new ArrayList<>();
    for (AnnotatedType parent : visibility.visibleParents(type)) {
      Class<?> raw = Visibility.raw(parent.getType());
      if (raw.isInterface()) {
        interfaces.add(names.of(parent));
      } else if (isClass() && raw != Object.class) {
        classes.add(names.of(parent));
      }
    }
    String keyword = type.isInterface() ? " extends " : " implements ";
    return list(" extends ", classes) + list(keyword, interfaces);
  }

  private String permitted() {
    return isSealed()
        ? list(" permits ", Arrays.stream(type.getPermittedSubclasses()).map(names::of).toList())
        : "";
  }

  private static String list(String keyword, List<String> names) {
    return names.isEmpty()
        ? ""
        : names.stream().distinct().sorted().collect(Collectors.joining(", ", keyword, ""));
  }
}
