package dev.roomful.spring.test;

import dev.roomful.Chat;
import dev.roomful.RoomHandler;
import dev.roomful.spring.autoconfigure.RoomfulAutoConfiguration;
import dev.roomful.testing.TestChat;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.CustomScopeConfigurer;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Scope;

/** Puts a {@link TestChat} in the place of the chat; part of {@link ChatTest}. */
@AutoConfiguration(before = RoomfulAutoConfiguration.class)
@ConditionalOnBean(RoomHandler.class)
final class TestChatAutoConfiguration {
  TestChatAutoConfiguration() {}

  @Bean
  static CustomScopeConfigurer testMethodScope() {
    CustomScopeConfigurer configurer = new CustomScopeConfigurer();
    configurer.addScope(TestMethodScope.NAME, new TestMethodScope());
    return configurer;
  }

  @Bean(destroyMethod = "close")
  @Scope(TestMethodScope.NAME)
  TestChat testChat(Chat.Builder builder) {
    return TestChat.of(builder);
  }

  /** The chat of the test that runs: beans that have injected it live longer than one test. */
  @Bean(destroyMethod = "")
  Chat chat(ObjectProvider<TestChat> current) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          try {
            return method.invoke(current.getObject().chat(), arguments);
          } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
          }
        };
    return (Chat)
        Proxy.newProxyInstance(Chat.class.getClassLoader(), new Class<?>[] {Chat.class}, handler);
  }
}
