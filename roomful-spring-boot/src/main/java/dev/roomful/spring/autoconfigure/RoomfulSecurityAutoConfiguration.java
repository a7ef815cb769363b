package dev.roomful.spring.autoconfigure;

import dev.roomful.Chat;
import dev.roomful.admission.Authenticator;
import dev.roomful.spring.AdmissionCustomizer;
import dev.roomful.spring.ChatMountCustomizer;
import dev.roomful.spring.RoomAccess;
import dev.roomful.spring.RoomAuthorizationManager;
import dev.roomful.transport.Gateway;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.authentication.event.LogoutSuccessEvent;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;

/** Admits the users of Spring Security to the chat. */
@AutoConfiguration(
    afterName = {
      "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration",
      "org.springframework.boot.security.oauth2.server.resource.autoconfigure.servlet"
          + ".OAuth2ResourceServerAutoConfiguration"
    })
@ConditionalOnClass({Authentication.class, AuthorizationManager.class})
@EnableConfigurationProperties(RoomfulProperties.class)
public final class RoomfulSecurityAutoConfiguration {
  RoomfulSecurityAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean(Authenticator.class)
  SecurityAuthenticator roomfulAuthenticator(
      ObjectProvider<AuthorizationManager<RoomAccess>> rooms,
      ObjectProvider<TokenReader> tokens,
      ObjectProvider<AdmissionCustomizer> customizers,
      ListableBeanFactory beans) {
    TokenReader reader = tokens.getIfAvailable();
    return new SecurityAuthenticator(
        rooms.getIfAvailable(() -> RoomAuthorizationManager.builder().build()),
        reader == null ? handshake -> null : reader,
        customizers.orderedStream().toList(),
        () -> beans.getBeanNamesForType(Gateway.class, true, false).length > 0);
  }

  /** Closes the connections of a user who logs out, in browsers and on nodes other than this. */
  @Bean
  @ConditionalOnProperty("roomful.security.revoke-on-logout")
  ApplicationListener<LogoutSuccessEvent> roomfulLogoutListener(ObjectProvider<Chat> chat) {
    return event ->
        chat.ifAvailable(running -> running.revoke(event.getAuthentication().getName()));
  }

  /** Reads tokens with the application's {@link JwtDecoder}. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({JwtDecoder.class, JwtAuthenticationConverter.class})
  @ConditionalOnBean(JwtDecoder.class)
  static class TokenConfiguration {
    @Bean
    @ConditionalOnMissingBean
    JwtTokenReader roomfulTokenReader(
        JwtDecoder decoder, ObjectProvider<JwtAuthenticationConverter> converter) {
      return new JwtTokenReader(decoder, converter.getIfAvailable(JwtAuthenticationConverter::new));
    }

    /** A server has to select one of the subprotocols that a client offers. */
    @Bean
    @ConditionalOnClass(name = "jakarta.websocket.server.ServerContainer")
    @Order(Ordered.HIGHEST_PRECEDENCE)
    ChatMountCustomizer roomfulTokenSubprotocol(
        RoomfulProperties properties, ObjectProvider<Gateway> gateway) {
      boolean hasSubprotocols =
          !properties.subprotocols().isEmpty() || gateway.getIfUnique() != null;
      return mount -> hasSubprotocols ? mount : mount.withSubprotocols(JwtTokenReader.SUBPROTOCOL);
    }
  }
}
