package dev.roomful.testsupport;

import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Decides what code outside a module can see of it. A type whose parent is hidden shows the
 * parent's members as its own.
 */
final class Visibility {
  private final Path classes;
  private final Set<String> exported;

  /**
   * The visibility of one module.
   *
   * @param classes the folder of its compiled classes
   * @param exported the packages that it exports to everybody
   */
  Visibility(Path classes, Set<String> exported) {
    this.classes = classes;
    this.exported = exported;
  }

  /** {@return whether code outside can name the type} */
  boolean isVisible(Class<?> type) {
    if (type.isAnonymousClass() || type.isLocalClass() || type.isSynthetic()) {
      return false;
    }
    Class<?> outer = type.getDeclaringClass();
    return outer == null
        ? Modifier.isPublic(type.getModifiers()) && (isExported(type) || !isOfModule(type))
        : isVisible(outer) && isUsable(type.getModifiers(), outer);
  }

  /** {@return whether code outside can use a member with these modifiers} */
  static boolean isUsable(int modifiers, Class<?> owner) {
    return Modifier.isPublic(modifiers)
        || (Modifier.isProtected(modifiers) && !Modifier.isFinal(owner.getModifiers()));
  }

  /** {@return the closest superclass and the interfaces that code outside can see} */
  List<AnnotatedType> visibleParents(Class<?> type) {
    List<AnnotatedType> visible = new ArrayList<>();
    for (AnnotatedType parent : parents(type)) {
      Class<?> raw = raw(parent.getType());
      if (isVisible(raw)) {
        visible.add(parent);
      } else {
        visible.addAll(visibleParents(raw));
      }
    }
    return visible;
  }

  /** {@return the type, followed by the hidden types from which it inherits} */
  List<Class<?>> withHiddenParents(Class<?> type) {
    List<Class<?>> all = new ArrayList<>(List.of(type));
    for (AnnotatedType parent : parents(type)) {
      Class<?> raw = raw(parent.getType());
      if (!isVisible(raw)) {
        all.addAll(withHiddenParents(raw));
      }
    }
    return all;
  }

  private static List<AnnotatedType> parents(Class<?> type) {
    List<AnnotatedType> parents = new ArrayList<>();
    if (type.getSuperclass() != null) {
      parents.add(type.getAnnotatedSuperclass());
    }
    parents.addAll(List.of(type.getAnnotatedInterfaces()));
    return parents;
  }

  /** {@return the class that the supertype names} */
  static Class<?> raw(Type type) {
    return (Class<?>) (type instanceof ParameterizedType generic ? generic.getRawType() : type);
  }

  private boolean isExported(Class<?> type) {
    return exported.contains(type.getPackageName());
  }

  private boolean isOfModule(Class<?> type) {
    return Files.exists(classes.resolve(type.getName().replace('.', '/') + ".class"));
  }
}
