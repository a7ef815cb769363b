package dev.roomful.spring.test;

import dev.roomful.RoomHandler;
import dev.roomful.RoomNotices;
import dev.roomful.WelcomeMessage;
import dev.roomful.admission.Authenticator;
import dev.roomful.admission.Role;
import dev.roomful.spring.ChatBuilderCustomizer;
import java.util.LinkedHashSet;
import java.util.Set;
import org.springframework.boot.test.context.filter.annotation.StandardAnnotationCustomizableTypeExcludeFilter;
import org.springframework.util.ClassUtils;

/** Lets only components of the chat in. */
final class ChatTypeExcludeFilter
    extends StandardAnnotationCustomizableTypeExcludeFilter<ChatTest> {
  /** Where Spring Security is absent, so are they. */
  private static final Set<String> SECURITY =
      Set.of(
          "dev.roomful.spring.AdmissionCustomizer",
          "org.springframework.security.authorization.AuthorizationManager");

  ChatTypeExcludeFilter(Class<?> testClass) {
    super(testClass);
  }

  @Override
  protected Set<Class<?>> getKnownIncludes() {
    Set<Class<?>> includes = new LinkedHashSet<>();
    includes.add(RoomHandler.class);
    includes.add(RoomNotices.class);
    includes.add(WelcomeMessage.class);
    includes.add(Authenticator.class);
    includes.add(Role.Rule.class);
    includes.add(ChatBuilderCustomizer.class);
    ClassLoader loader = ChatTypeExcludeFilter.class.getClassLoader();
    for (String name : SECURITY) {
      if (ClassUtils.isPresent(name, loader)) {
        includes.add(ClassUtils.resolveClassName(name, loader));
      }
    }
    return includes;
  }
}
