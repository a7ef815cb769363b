package dev.roomful.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomful.Chat;
import dev.roomful.History;
import dev.roomful.Limits;
import dev.roomful.RoomOptions;
import dev.roomful.centrifuge.Centrifuge;
import dev.roomful.redis.RedisCluster;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.configurationmetadata.ConfigurationMetadataProperty;
import org.springframework.boot.configurationmetadata.ConfigurationMetadataRepositoryJsonBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Each option of the chat has a property, unless it is code; each property is documented. */
class PropertyMetadataTest {
  private static final String METADATA = "META-INF/spring-configuration-metadata.json";

  /** Methods whose properties have another name. */
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("Builder.limits", "roomful.limits.rooms"),
          Map.entry("Builder.room", "roomful.rooms"),
          Map.entry("Builder.rooms", "roomful.room-defaults.capacity"),
          Map.entry("Builder.allowOrigins", "roomful.allowed-origins"),
          Map.entry("Builder.heartbeat", "roomful.heartbeat.interval"),
          Map.entry("Builder.cluster", "roomful.redis.url"),
          Map.entry("Limits.withMessageBytes", "roomful.limits.message-size"),
          Map.entry("Limits.withOutboxBytes", "roomful.limits.outbox-size"),
          Map.entry("Limits.withHistoryBytes", "roomful.limits.history-size"),
          Map.entry("RoomOptions.withHistory", "roomful.room-defaults.history.messages"),
          Map.entry("History.withBytes", "roomful.room-defaults.history.size"),
          Map.entry("Centrifuge.withTokens", "roomful.centrifuge.token-secret"),
          Map.entry("Centrifuge.withAnonymous", "roomful.centrifuge.anonymous"),
          Map.entry(
              "Centrifuge.withInvalidTokenLimit", "roomful.centrifuge.invalid-tokens-per-minute"));

  /** Methods that take code: a bean takes the place of a property. */
  private static final Set<String> BEANS =
      Set.of(
          "Builder.handler", // RoomHandler
          "Builder.authenticator", // Authenticator
          "Builder.callbackExecutor", // ChatBuilderCustomizer; spring.threads.virtual.enabled
          "RoomOptions.withNotices", // RoomNotices
          "RoomOptions.withRoles", // Role.Rule
          "RoomOptions.withWelcome", // WelcomeMessage
          "Centrifuge.withRpc", // Centrifuge
          "Centrifuge.withSendListener"); // Centrifuge

  private static Map<String, ConfigurationMetadataProperty> properties() throws IOException {
    for (URL url :
        Collections.list(PropertyMetadataTest.class.getClassLoader().getResources(METADATA))) {
      if (url.getPath().contains("roomful-spring-boot")) {
        try (InputStream json = url.openStream()) {
          return ConfigurationMetadataRepositoryJsonBuilder.create(json).build().getAllProperties();
        }
      }
    }
    throw new IOException("roomful-spring-boot has no " + METADATA);
  }

  private static Set<String> options(Class<?> type, String prefix) {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
        .map(Method::getName)
        .filter(name -> name.startsWith(prefix) && !name.equals("build"))
        .map(name -> type.getSimpleName() + "." + name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String kebab(String camel) {
    return camel.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT).replaceAll("^-", "");
  }

  private static String propertyOf(String option) {
    String[] parts = option.split("\\.", 2);
    String name = kebab(parts[1].replaceFirst("^with", ""));
    return NAMES.getOrDefault(
        option,
        switch (parts[0]) {
          case "Limits" -> "roomful.limits." + name;
          case "RoomOptions" -> "roomful.room-defaults." + name;
          case "History" -> "roomful.room-defaults.history." + name;
          case "RedisCluster" -> "roomful.redis." + name;
          case "Centrifuge" -> "roomful.centrifuge." + name;
          default -> "roomful." + name;
        });
  }

  @Test
  void eachOptionHasAProperty() throws IOException {
    Set<String> options = options(Chat.Builder.class, "");
    options.addAll(options(Limits.class, "with"));
    options.addAll(options(RoomOptions.class, "with"));
    options.addAll(options(History.class, "with"));
    options.addAll(options(RedisCluster.class, "with"));
    options.addAll(options(Centrifuge.class, "with"));
    assertThat(options).hasSizeGreaterThan(40).containsAll(BEANS).containsAll(NAMES.keySet());
    options.removeAll(BEANS);
    assertThat(options.stream().map(PropertyMetadataTest::propertyOf))
        .isSubsetOf(properties().keySet());
  }

  @Test
  void eachPropertyIsDescribed() throws IOException {
    assertThat(properties().values())
        .hasSizeGreaterThan(40)
        .allSatisfy(
            property ->
                assertThat(property.getDescription())
                    .as(property.getId())
                    .isNotBlank()
                    .endsWith("."));
  }

  @Test
  void theDefaultsAreThoseOfTheCore() {
    new ApplicationContextRunner()
        .withUserConfiguration(Properties.class)
        .run(
            context -> {
              RoomfulProperties properties = context.getBean(RoomfulProperties.class);
              assertThat(properties.limits().toLimits()).isEqualTo(Limits.defaults());
              assertThat(properties.roomDefaults().applyTo(RoomOptions.defaults()))
                  .isEqualTo(RoomOptions.defaults());
              assertThat(properties.onMessageFailure()).isEqualTo(Chat.OnFailure.REJECT_MESSAGE);
            });
  }

  @EnableConfigurationProperties(RoomfulProperties.class)
  static class Properties {}
}
