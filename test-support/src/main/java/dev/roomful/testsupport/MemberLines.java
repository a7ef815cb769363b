package dev.roomful.testsupport;

import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The members of a type that code outside can use: fields, then constructors, then methods. Members
 * that every enum or record has are left out.
 */
final class MemberLines {
  private static final int NO_CONCERN_OF_CALLERS =
      Modifier.SYNCHRONIZED
          | Modifier.NATIVE
          | Modifier.STRICT
          | Modifier.TRANSIENT
          | Modifier.VOLATILE;

  private final Class<?> type;
  private final Visibility visibility;
  private final TypeNames names;

  MemberLines(Class<?> type, Visibility visibility, TypeNames names) {
    this.type = type;
    this.visibility = visibility;
    this.names = names;
  }

  List<String> sorted() {
    // Keys are names with parameters, so that a member replaces the one that it overrides.
    Map<String, String> fields = new TreeMap<>();
    Map<String, String> constructors = new TreeMap<>();
    Map<String, String> methods = new TreeMap<>();
    for (Class<?> owner : visibility.withHiddenParents(type)) {
      for (Field field : owner.getDeclaredFields()) {
        if (isListed(field)) {
          fields.putIfAbsent(field.getName(), line(field));
        }
      }
      for (Method method : owner.getDeclaredMethods()) {
        if (isListed(method) && !isImplied(method)) {
          methods.putIfAbsent(method.getName() + parameters(method), line(method));
        }
      }
    }
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (isListed(constructor) && !isImplied(constructor)) {
        constructors.put(parameters(constructor), line(constructor));
      }
    }
    List<String> lines = new ArrayList<>(fields.values());
    lines.addAll(constructors.values());
    lines.addAll(methods.values());
    return lines;
  }

  private boolean isListed(Member member) {
    return !member.isSynthetic() && Visibility.isUsable(member.getModifiers(), type);
  }

  private boolean isImplied(Method method) {
    String name = method.getName();
    if (type.isEnum()) {
      return Modifier.isStatic(method.getModifiers())
          && (name.equals("values") || name.equals("valueOf"));
    }
    return type.isRecord()
        && (name.equals("equals")
            || name.equals("hashCode")
            || name.equals("toString")
            || (method.getParameterCount() == 0 && components().anyMatch(is -> is.equals(name))));
  }

  private boolean isImplied(Constructor<?> constructor) {
    return type.isRecord()
        && Arrays.equals(
            constructor.getParameterTypes(),
            Arrays.stream(type.getRecordComponents()).map(RecordComponent::getType).toArray());
  }

  private Stream<String> components() {
    return Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName);
  }

  private String line(Field field) {
    return TypeListing.annotations(field.getAnnotations())
        + modifiers(field)
        + names.of(field.getAnnotatedType())
        + " "
        + field.getName()
        + value(field);
  }

  private String line(Method method) {
    return start(method)
        + names.of(method.getAnnotatedReturnType())
        + " "
        + method.getName()
        + parameters(method)
        + exceptions(method);
  }

  private String line(Constructor<?> constructor) {
    return start(constructor)
        + type.getSimpleName()
        + parameters(constructor)
        + exceptions(constructor);
  }

  private String start(Executable executable) {
    String typeParameters = names.parameters(executable.getTypeParameters());
    return TypeListing.annotations(executable.getAnnotations())
        + modifiers(executable)
        + (typeParameters.isEmpty() ? "" : typeParameters + " ");
  }

  private static String modifiers(Member member) {
    if (member instanceof Method method && method.isDefault()) {
      return "default ";
    }
    Class<?> owner = member.getDeclaringClass();
    int shown = member.getModifiers() & ~NO_CONCERN_OF_CALLERS;
    if (member instanceof Method && Modifier.isFinal(owner.getModifiers())) {
      shown &= ~Modifier.FINAL;
    }
    if (owner.isInterface()) {
      shown &= ~(Modifier.PUBLIC | Modifier.ABSTRACT);
    }
    String text = Modifier.toString(shown);
    return text.isEmpty() ? "" : text + " ";
  }

  private String parameters(Executable executable) {
    String all = list(executable.getAnnotatedParameterTypes());
    return executable.isVarArgs()
        ? "(" + all.substring(0, all.length() - "[]".length()) + "...)"
        : "(" + all + ")";
  }

  private String exceptions(Executable executable) {
    String all = list(executable.getAnnotatedExceptionTypes());
    return all.isEmpty() ? "" : " throws " + all;
  }

  private String list(AnnotatedType[] types) {
    return Arrays.stream(types).map(names::of).collect(Collectors.joining(", "));
  }

  /** Values of constants are listed, since compilers copy them into the classes of callers. */
  private static String value(Field field) {
    int constant = Modifier.STATIC | Modifier.FINAL;
    boolean isSimple = field.getType().isPrimitive() || field.getType() == String.class;
    if (!isSimple || (field.getModifiers() & constant) != constant) {
      return "";
    }
    try {
      field.setAccessible(true);
      Object value = field.get(null);
      return " = " + (value instanceof String text ? quoted(text) : value);
    } catch (IllegalAccessException denied) {
      throw new IllegalStateException("cannot read the constant " + field, denied);
    }
  }

  private static String quoted(String text) {
    return '"'
        + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\r", "\\r")
        + '"';
  }
}
