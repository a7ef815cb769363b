package dev.roomful.spring.autoconfigure;

import dev.roomful.jetty.JettyChat;
import dev.roomful.spring.ChatMountCustomizer;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Writes in batches on Jetty, with chat-jetty. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({JettyChat.class, JettyServletWebServerFactory.class})
class JettyMountConfiguration {
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnBean(JettyServletWebServerFactory.class)
  static class BindingConfiguration {
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    ChatMountCustomizer roomfulJettyBinding() {
      return JettyChat::withJettyBinding;
    }
  }
}
