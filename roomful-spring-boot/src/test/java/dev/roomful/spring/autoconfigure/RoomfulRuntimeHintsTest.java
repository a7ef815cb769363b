package dev.roomful.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomful.jakarta.ChatEndpoint;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.TypeReference;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;

class RoomfulRuntimeHintsTest {
  private final RuntimeHints hints = new RuntimeHints();

  @Test
  void whatTheChatFindsAtRunTimeIsRegistered() {
    new RoomfulRuntimeHints().registerHints(hints, getClass().getClassLoader());
    String builder =
        ServiceLoader.load(dev.roomful.Chat.Builder.class).stream()
            .map(provider -> provider.type().getName())
            .findFirst()
            .orElseThrow();
    assertThat(RuntimeHintsPredicates.reflection().onType(TypeReference.of(builder)))
        .accepts(hints);
    assertThat(RuntimeHintsPredicates.reflection().onType(ChatEndpoint.class)).accepts(hints);
    assertThat(
            RuntimeHintsPredicates.resource()
                .forResource("META-INF/services/dev.roomful.Chat$Builder"))
        .accepts(hints);
    assertThat(RuntimeHintsPredicates.resource().forResource("dev/roomful/redis/append.lua"))
        .accepts(hints);
  }
}
