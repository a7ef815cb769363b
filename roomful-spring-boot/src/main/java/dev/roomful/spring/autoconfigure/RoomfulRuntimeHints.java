package dev.roomful.spring.autoconfigure;

import dev.roomful.jakarta.ChatEndpoint;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;

/** What a native image cannot find out about the chat by itself. */
final class RoomfulRuntimeHints implements RuntimeHintsRegistrar {
  @Override
  public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
    hints.resources().registerPattern("META-INF/services/dev.roomful.Chat$Builder");
    hints
        .reflection()
        .registerType(
            TypeReference.of("dev.roomful.internal.runtime.ChatBuilder"),
            MemberCategory.INVOKE_DECLARED_CONSTRUCTORS)
        .registerType(ChatEndpoint.class, MemberCategory.INVOKE_DECLARED_CONSTRUCTORS);
    hints
        .resources()
        .registerPatternIfPresent(
            classLoader,
            "dev/roomful/redis/",
            pattern -> pattern.includes("dev/roomful/redis/*.lua"));
  }
}
