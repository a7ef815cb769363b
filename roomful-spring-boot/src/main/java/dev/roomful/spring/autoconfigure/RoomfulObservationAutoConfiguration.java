package dev.roomful.spring.autoconfigure;

import dev.roomful.RoomHandler;
import dev.roomful.micrometer.HandlerCallConvention;
import dev.roomful.micrometer.ObservedRoomHandler;
import dev.roomful.spring.ChatBuilderCustomizer;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Makes calls of the handler observations of the application, with chat-micrometer. {@code
 * management.observations.enable.roomful=false} turns them off, as it does with other observations.
 */
@AutoConfiguration(
    before = RoomfulAutoConfiguration.class,
    afterName =
        "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass({ObservedRoomHandler.class, ObservationRegistry.class})
@ConditionalOnBean(RoomHandler.class)
@ConditionalOnSingleCandidate(ObservationRegistry.class)
public final class RoomfulObservationAutoConfiguration {
  RoomfulObservationAutoConfiguration() {}

  /** Comes before customizers of the application, which may set another handler. */
  @Bean
  @Order(Ordered.HIGHEST_PRECEDENCE)
  @ConditionalOnMissingBean(name = "roomfulObservations")
  ChatBuilderCustomizer roomfulObservations(
      RoomHandler handler,
      ObservationRegistry registry,
      ObjectProvider<HandlerCallConvention> convention) {
    ObservedRoomHandler observed = ObservedRoomHandler.of(handler, registry);
    HandlerCallConvention own = convention.getIfUnique();
    return builder -> builder.handler(own == null ? observed : observed.withConvention(own));
  }
}
