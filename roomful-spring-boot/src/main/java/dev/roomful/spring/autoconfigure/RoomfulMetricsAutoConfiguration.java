package dev.roomful.spring.autoconfigure;

import dev.roomful.micrometer.ChatMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

/** Measures the chat with the application's meter registry, with chat-micrometer. */
@AutoConfiguration(
    afterName =
        "org.springframework.boot.micrometer.metrics.autoconfigure"
            + ".CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass({ChatMetrics.class, MeterRegistry.class})
@ConditionalOnSingleCandidate(MeterRegistry.class)
public final class RoomfulMetricsAutoConfiguration {
  RoomfulMetricsAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  ChatMetrics roomfulMetrics(MeterRegistry registry) {
    return ChatMetrics.of(registry);
  }
}
