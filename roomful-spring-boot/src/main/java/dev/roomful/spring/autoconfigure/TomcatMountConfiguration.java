package dev.roomful.spring.autoconfigure;

import dev.roomful.spring.ChatMountCustomizer;
import dev.roomful.tomcat.TomcatChat;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Writes in batches on Tomcat, with chat-tomcat. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({TomcatChat.class, TomcatServletWebServerFactory.class})
class TomcatMountConfiguration {
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnBean(TomcatServletWebServerFactory.class)
  static class BindingConfiguration {
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    ChatMountCustomizer roomfulTomcatBinding() {
      return TomcatChat::withTomcatBinding;
    }
  }
}
