package dev.roomful.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.spring.ChatMountCustomizer;
import dev.roomful.spring.autoconfigure.RunningApplication.Server;
import dev.roomful.testkit.Received;
import dev.roomful.testkit.WireClient;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContextException;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** An application without a login on real servers. */
class ServerTest {
  @ParameterizedTest
  @EnumSource
  void oneBeanMakesAChatAtTheDefaultPath(Server server) throws Exception {
    try (RunningApplication app = RunningApplication.start(server, Application.class);
        WireClient ann = app.connect("/chat/kitchen");
        WireClient bob = app.connect("/chat/kitchen")) {
      app.awaitParticipants("kitchen", 2);
      ann.text("hello");
      assertThat(ann.nextText()).isEqualTo("hello");
      assertThat(bob.nextText()).isEqualTo("hello");
      app.chat().publish("kitchen", "from a controller");
      assertThat(bob.nextText()).isEqualTo("from a controller");
    }
  }

  @ParameterizedTest
  @EnumSource
  void thePathAndTheLimitsAreProperties(Server server) throws Exception {
    try (RunningApplication app =
            RunningApplication.start(
                server,
                Application.class,
                "roomful.path=/ws",
                "server.servlet.context-path=/app",
                "roomful.limits.message-size=10B",
                "roomful.subprotocols=chat.v2,chat.v1");
        WireClient ann = app.request("/app/ws?room=kitchen").subprotocols("chat.v1").connect()) {
      assertThat(ann.subprotocol()).isEqualTo("chat.v1");
      ann.text("12345678901");
      assertThat(ann.awaitClose().code()).isEqualTo(1009);
    }
  }

  /** On Jetty the adapter writes in batches; a handler that blocks does not stop its reading. */
  @Test
  void theAdapterOfTheServerIsUsed() {
    try (RunningApplication app = RunningApplication.start(Server.JETTY, Application.class)) {
      assertThat(app.context().getBeansOfType(ChatMountCustomizer.class))
          .containsOnlyKeys("roomfulJettyBinding");
    }
    try (RunningApplication app = RunningApplication.start(Server.TOMCAT, Application.class)) {
      assertThat(app.context().getBeansOfType(ChatMountCustomizer.class))
          .containsOnlyKeys("roomfulTomcatBinding");
    }
  }

  @ParameterizedTest
  @EnumSource
  void centrifugeClientsConnectWhenItsModuleIsThere(Server server) throws Exception {
    try (RunningApplication app =
            RunningApplication.start(
                server,
                Application.class,
                "roomful.protocol=centrifuge",
                "roomful.centrifuge.anonymous=true");
        WireClient ann = app.connect("/connection/websocket")) {
      ann.text("{\"id\":1,\"connect\":{}}");
      assertThat(ann.nextText()).contains("\"connect\":{\"client\":");
      ann.text("{\"id\":2,\"subscribe\":{\"channel\":\"kitchen\"}}");
      assertThat(ann.nextText()).contains("\"subscribe\":{");
    }
  }

  @ParameterizedTest
  @EnumSource
  void theChatEndsAfterReadinessAndBeforeTheWebServer(Server server) throws Exception {
    RunningApplication app = RunningApplication.start(server, Application.class);
    Events events = app.context().getBean(Events.class);
    try (WireClient ann = app.connect("/chat/kitchen")) {
      ann.text("hello");
      assertThat(ann.nextText()).isEqualTo("hello");
      app.close();
      Received.Close close = ann.awaitClose();
      assertThat(close.code()).isEqualTo(CloseStatus.RESTART.code());
    }
    assertThat(events.seen.stream().distinct())
        .containsExactly("refusing traffic", "left 1012", "web server");
  }

  @Test
  void aReactiveApplicationFailsWithAnAnalysis() {
    assertThatThrownBy(
            () ->
                new SpringApplicationBuilder(Application.class)
                    .properties(
                        "server.port=0",
                        "roomful.redis.enabled=false",
                        "spring.main.web-application-type=reactive",
                        "spring.main.banner-mode=off")
                    .run())
        .isInstanceOfSatisfying(
            ApplicationContextException.class,
            failure -> {
              var analysis = new MissingWebSocketContainerFailureAnalyzer().analyze(failure);
              assertThat(analysis.getDescription()).contains("reactive web application");
              assertThat(analysis.getAction()).contains("spring-boot-starter-tomcat");
            });
  }

  @Test
  void aServletContainerWithoutWebSocketFailsWithAnAnalysis() {
    assertThatThrownBy(() -> RunningApplication.start(Server.JETTY, WithoutWebSocket.class).close())
        .satisfies(
            failure -> {
              var analysis = new MissingWebSocketContainerFailureAnalyzer().analyze(failure);
              assertThat(analysis).isNotNull();
              assertThat(analysis.getDescription()).contains("no Jakarta WebSocket container");
            });
  }

  @Test
  void anApplicationWithoutAServerHasAChatThatPublishesOnly() {
    try (var context =
        new SpringApplicationBuilder(Application.class)
            .properties(
                "roomful.redis.enabled=false",
                "spring.main.web-application-type=none",
                "spring.main.banner-mode=off")
            .run()) {
      assertThat(context.getBean(Chat.class).connections()).isZero();
    }
  }

  static final class Events
      implements ApplicationListener<AvailabilityChangeEvent<ReadinessState>>, RoomHandler {
    final List<String> seen = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void onApplicationEvent(AvailabilityChangeEvent<ReadinessState> event) {
      if (event.getState() == ReadinessState.REFUSING_TRAFFIC) {
        seen.add("refusing traffic");
      }
    }

    @Override
    public void onLeave(Room room, Participant participant, CloseStatus status) {
      seen.add("left " + status.code());
    }
  }

  @SpringBootConfiguration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import(OpenToAll.class)
  static class Application {
    @Bean
    Events events() {
      return new Events();
    }

    @Bean
    SmartLifecycle atGracefulShutdown(Events events) {
      return new SmartLifecycle() {
        private boolean running;

        @Override
        public void start() {
          running = true;
        }

        @Override
        public void stop() {
          running = false;
          events.seen.add("web server");
        }

        @Override
        public boolean isRunning() {
          return running;
        }

        @Override
        public int getPhase() {
          return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE;
        }
      };
    }
  }

  @SpringBootConfiguration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class WithoutWebSocket {
    @Bean
    RoomHandler handler() {
      return new RoomHandler() {};
    }

    @Bean
    Object websocketServletWebServerCustomizer() {
      return "takes the place of Boot's bean of that name";
    }
  }
}
