package dev.roomful.spring.autoconfigure;

import dev.roomful.Chat;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The chat in the actuator: its health, and the endpoint {@code rooms}. */
@AutoConfiguration(
    after = RoomfulAutoConfiguration.class,
    beforeName =
        "org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration")
@ConditionalOnSingleCandidate(Chat.class)
public final class RoomfulActuatorAutoConfiguration {
  RoomfulActuatorAutoConfiguration() {}

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
  static class HealthConfiguration {
    @Bean
    @ConditionalOnEnabledHealthIndicator("roomful")
    @ConditionalOnMissingBean(name = {"roomfulHealthIndicator", "roomfulHealthContributor"})
    HealthIndicator roomfulHealthContributor(Chat chat) {
      return new ChatHealthIndicator(chat);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
  @ConditionalOnAvailableEndpoint(RoomsEndpoint.class)
  static class RoomsEndpointConfiguration {
    @Bean
    @ConditionalOnMissingBean
    RoomsEndpoint roomfulRoomsEndpoint(Chat chat) {
      return new RoomsEndpoint(chat);
    }
  }
}
