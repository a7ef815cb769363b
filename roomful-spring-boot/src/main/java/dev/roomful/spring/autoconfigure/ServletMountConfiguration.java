package dev.roomful.spring.autoconfigure;

import dev.roomful.Chat;
import dev.roomful.jakarta.JakartaChat;
import dev.roomful.spring.ChatMountCustomizer;
import dev.roomful.transport.Gateway;
import jakarta.servlet.http.HttpServlet;
import jakarta.websocket.server.ServerContainer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Mounts the chat as a servlet. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({HttpServlet.class, ServerContainer.class})
class ServletMountConfiguration {
  static final String TEXT_PATH = "/chat/{room}";
  static final String CENTRIFUGE_PATH = "/connection/websocket";

  @Bean
  @ConditionalOnMissingBean
  JakartaChat roomfulMount(
      Chat chat,
      RoomfulProperties properties,
      ObjectProvider<Gateway> gateway,
      ObjectProvider<ChatMountCustomizer> customizers) {
    Gateway protocol = gateway.getIfUnique();
    if (protocol == null && properties.protocol() == RoomfulProperties.ClientProtocol.CENTRIFUGE) {
      throw new IllegalStateException(
          "roomful.protocol is \"centrifuge\", but chat-centrifuge is not on the class path:"
              + " add dev.roomful:chat-centrifuge to the dependencies");
    }
    String path = properties.path();
    if (path == null) {
      path = protocol == null ? TEXT_PATH : CENTRIFUGE_PATH;
    }
    JakartaChat mount =
        JakartaChat.of(chat, path)
            .withCloseOnDestroy(false) // ChatLifecycle closes it, and before the container ends
            .withCloseOnSessionEnd(properties.closeOnSessionEnd());
    if (protocol != null) {
      mount = mount.withGateway(protocol);
    }
    if (!properties.subprotocols().isEmpty()) {
      mount = mount.withSubprotocols(properties.subprotocols().toArray(String[]::new));
    }
    for (ChatMountCustomizer customizer : customizers.orderedStream().toList()) {
      mount = customizer.customize(mount);
    }
    return mount;
  }

  @Bean
  @ConditionalOnMissingBean(name = "roomfulServlet")
  ServletRegistrationBean<HttpServlet> roomfulServlet(JakartaChat mount) {
    ServletRegistrationBean<HttpServlet> registration =
        new ServletRegistrationBean<>(mount.servlet(), mount.servletMapping());
    registration.setName("roomful");
    registration.setLoadOnStartup(1);
    return registration;
  }
}
