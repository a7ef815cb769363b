package dev.roomful.spring.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.context.WebApplicationContext;

/** Fails the start of a web application in which no client could connect to the chat. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({WebServerApplicationContext.class, WebApplicationContext.class})
class WebSocketContainerCheckConfiguration {
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
  static class ServletConfiguration {
    @Bean
    static WebSocketContainerCheck roomfulWebSocketContainerCheck(WebApplicationContext context) {
      return new WebSocketContainerCheck(
          () -> WebSocketContainerCheck.isMissing(context),
          "The servlet container has no Jakarta WebSocket container.");
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
  static class ReactiveConfiguration {
    @Bean
    static WebSocketContainerCheck roomfulWebSocketContainerCheck() {
      return new WebSocketContainerCheck(
          () -> true, "This is a reactive web application, which has no servlet container.");
    }
  }
}
