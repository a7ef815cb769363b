package dev.roomful.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.roomful.Chat;
import dev.roomful.ChatHealth;
import dev.roomful.ChatObserver;
import dev.roomful.ChatSnapshot;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.spring.autoconfigure.RunningApplication.Server;
import dev.roomful.testing.TestChat;
import dev.roomful.testkit.WireClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.http.HttpResponse;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

class RoomfulActuatorAutoConfigurationTest {
  private static Health healthOf(Chat chat) {
    Health health = new ChatHealthIndicator(chat).health();
    assertThat(health).isNotNull();
    return health;
  }

  @Test
  void aChatOfOneNodeIsUp() {
    try (TestChat chat = TestChat.of(new RoomHandler() {})) {
      chat.connect("lobby", "ann");
      Health health = healthOf(chat.chat());
      assertThat(health.getStatus()).isEqualTo(Status.UP);
      assertThat(health.getDetails())
          .containsEntry("connections", 1)
          .containsEntry("participants", 1)
          .containsEntry("rooms", 1);
    }
  }

  @Test
  void aChatWithoutItsClusterIsDown() {
    Chat chat = mock();
    Instant since = Instant.parse("2026-11-28T12:00:00Z");
    when(chat.health()).thenReturn(new ChatHealth(since, 3));
    Health health = healthOf(chat);
    assertThat(health.getStatus()).isEqualTo(Status.DOWN);
    assertThat(health.getDetails())
        .containsEntry("clusterUnreachableSince", "2026-11-28T12:00:00Z")
        .containsEntry("waitingForCluster", 3L);
  }

  @Test
  void theHealthCanBeSwitchedOff() {
    ApplicationContextRunner runner =
        new ApplicationContextRunner()
            .withBean(RoomHandler.class, () -> new RoomHandler() {})
            .withConfiguration(
                AutoConfigurations.of(
                    RoomfulAutoConfiguration.class, RoomfulActuatorAutoConfiguration.class));
    runner.run(context -> assertThat(context).hasSingleBean(HealthIndicator.class));
    runner
        .withPropertyValues("management.health.roomful.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(HealthIndicator.class));
    runner.run(context -> assertThat(context).doesNotHaveBean(RoomsEndpoint.class));
    runner
        .withPropertyValues("management.endpoints.web.exposure.include=rooms")
        .run(context -> assertThat(context).hasSingleBean(RoomsEndpoint.class));
  }

  @Test
  void theChatIsMeasuredWithTheRegistryOfTheApplication() {
    new ApplicationContextRunner()
        .withBean(RoomHandler.class, () -> new RoomHandler() {})
        .withConfiguration(
            AutoConfigurations.of(
                RoomfulAutoConfiguration.class, RoomfulMetricsAutoConfiguration.class))
        .run(context -> assertThat(context).doesNotHaveBean(ChatObserver.class));
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    new ApplicationContextRunner()
        .withBean(RoomHandler.class, () -> new RoomHandler() {})
        .withBean(MeterRegistry.class, () -> registry)
        .withConfiguration(
            AutoConfigurations.of(
                RoomfulAutoConfiguration.class, RoomfulMetricsAutoConfiguration.class))
        .run(
            context -> {
              assertThat(context).hasSingleBean(Chat.class);
              assertThat(registry.getMeters())
                  .anySatisfy(meter -> assertThat(meter.getId().getName()).startsWith("roomful."));
            });
  }

  @Test
  void theEndpointShowsTheLargestRoomsUpToABound() {
    try (TestChat chat = TestChat.of(Chat.builder(new RoomHandler() {}))) {
      for (int i = 0; i < RoomsEndpoint.MAX_LIMIT + 5; i++) {
        chat.chat().open("room " + i, RoomOptions.defaults());
      }
      chat.connect("room 7", "ann");
      RoomsEndpoint endpoint = new RoomsEndpoint(chat.chat());
      ChatSnapshot snapshot = endpoint.rooms(null);
      assertThat(snapshot.roomCount()).isEqualTo(RoomsEndpoint.MAX_LIMIT + 5);
      assertThat(snapshot.rooms()).hasSize(RoomsEndpoint.DEFAULT_LIMIT);
      assertThat(snapshot.rooms().get(0).name()).isEqualTo("room 7");
      assertThat(snapshot.sessions().get(0).participantId()).isEqualTo("ann");
      assertThat(endpoint.rooms(1_000_000).rooms()).hasSize(RoomsEndpoint.MAX_LIMIT);
      assertThat(endpoint.rooms(-1).rooms()).hasSize(1);
      assertThat(endpoint.room("room 7", null).firstParticipants())
          .containsExactly(new RoomsEndpoint.ParticipantDescriptor("ann", "ann", 1));
      assertThat(endpoint.room("nowhere", null)).isNull();
    }
  }

  @Test
  void overHttpRoomsAreReadOnlyUnlessAccessIsUnrestricted() throws Exception {
    String exposed = "management.endpoints.web.exposure.include=health,rooms";
    try (RunningApplication app =
            RunningApplication.start(
                Server.TOMCAT,
                Application.class,
                exposed,
                "management.endpoint.health.show-details=always");
        WireClient ann = app.connect("/chat/kitchen")) {
      ann.text("hello");
      assertThat(ann.nextText()).isEqualTo("hello");
      assertThat(app.get("/actuator/rooms").body())
          .contains("\"name\":\"kitchen\",\"participants\":1,\"connections\":1")
          .contains("\"state\":\"OPEN\",\"rooms\":[\"kitchen\"],\"queuedBytes\":0");
      assertThat(app.get("/actuator/rooms/kitchen").body()).contains("\"firstParticipants\":[{");
      assertThat(app.get("/actuator/rooms/nowhere").statusCode()).isEqualTo(404);
      assertThat(app.delete("/actuator/rooms/kitchen").statusCode()).isEqualTo(405);
      assertThat(app.get("/actuator/health").body()).contains("\"roomful\":{");
    }
    try (RunningApplication app =
            RunningApplication.start(
                Server.TOMCAT,
                Application.class,
                exposed,
                "management.endpoint.rooms.access=unrestricted");
        WireClient ann = app.connect("/chat/kitchen")) {
      app.awaitParticipants("kitchen", 1);
      HttpResponse<String> closed = app.delete("/actuator/rooms/kitchen");
      assertThat(closed.statusCode()).isEqualTo(204);
      assertThat(ann.awaitClose().code()).isEqualTo(4004);
    }
  }

  @SpringBootConfiguration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import(OpenToAll.class)
  static class Application {
    @Bean
    RoomHandler handler() {
      return new RoomHandler() {};
    }
  }
}
