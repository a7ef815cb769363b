package dev.roomful.spring.autoconfigure;

import dev.roomful.Chat;
import dev.roomful.centrifuge.Centrifuge;
import dev.roomful.tokens.Tokens;
import dev.roomful.transport.Gateway;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Lets clients of the Centrifuge SDKs in. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(Centrifuge.class)
@ConditionalOnProperty(name = "roomful.protocol", havingValue = "centrifuge", matchIfMissing = true)
class CentrifugeConfiguration {
  @Bean
  @ConditionalOnMissingBean(Gateway.class)
  Centrifuge roomfulCentrifuge(Chat chat, RoomfulProperties properties) {
    RoomfulProperties.Centrifuge settings = properties.centrifuge();
    Centrifuge centrifuge = Centrifuge.on(chat);
    if (settings.tokenSecret() != null) {
      Tokens tokens = Tokens.hs256(settings.tokenSecret());
      if (settings.issuer() != null) {
        tokens = tokens.withIssuer(settings.issuer());
      }
      if (settings.audience() != null) {
        tokens = tokens.withAudience(settings.audience());
      }
      centrifuge = centrifuge.withTokens(tokens);
    }
    if (settings.anonymous()) {
      centrifuge = centrifuge.withAnonymous();
    }
    return settings.invalidTokensPerMinute() == null
        ? centrifuge
        : centrifuge.withInvalidTokenLimit(settings.invalidTokensPerMinute());
  }
}
