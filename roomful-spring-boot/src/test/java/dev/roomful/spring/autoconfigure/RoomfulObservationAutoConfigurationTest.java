package dev.roomful.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomful.Message;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.spring.ChatBuilderCustomizer;
import dev.roomful.spring.autoconfigure.RunningApplication.Server;
import dev.roomful.testkit.WireClient;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

class RoomfulObservationAutoConfigurationTest {
  /** {@return the observations that end while a client publishes, each with its parent} */
  private static List<String> observed(String... properties) throws Exception {
    try (RunningApplication app =
            RunningApplication.start(Server.TOMCAT, Application.class, properties);
        WireClient ann = app.connect("/chat/kitchen")) {
      ann.text("hello");
      assertThat(ann.nextText()).isEqualTo("hello");
      return app.context().getBean(Recorder.class).ended;
    }
  }

  @Test
  void whatAHandlerCallsBelongsToTheObservationOfTheCall() throws Exception {
    assertThat(observed()).contains("database in roomful.handler");
  }

  @Test
  void observationsAreTurnedOffByThePropertyOfSpringBoot() throws Exception {
    assertThat(observed("management.observations.enable.roomful=false"))
        .contains("database in null")
        .noneMatch(name -> name.startsWith("roomful"));
  }

  @Test
  void withoutARegistryOrWithoutAChatNothingIsObserved() {
    ApplicationContextRunner runner =
        new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(RoomfulObservationAutoConfiguration.class));
    runner
        .withBean(RoomHandler.class, () -> new RoomHandler() {})
        .run(context -> assertThat(context).doesNotHaveBean(ChatBuilderCustomizer.class));
    runner
        .withBean(ObservationRegistry.class, ObservationRegistry::create)
        .run(context -> assertThat(context).doesNotHaveBean(ChatBuilderCustomizer.class));
  }

  static final class Recorder implements ObservationHandler<Observation.Context> {
    final List<String> ended = new CopyOnWriteArrayList<>();

    @Override
    public void onStop(Observation.Context context) {
      var parent = context.getParentObservation();
      String name = parent == null ? null : parent.getContextView().getName();
      ended.add(context.getName() + " in " + name);
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
      return true;
    }
  }

  @SpringBootConfiguration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import(OpenToAll.class)
  static class Application {
    @Bean
    Recorder recorder() {
      return new Recorder();
    }

    @Bean
    RoomHandler handler(ObservationRegistry registry) {
      return new RoomHandler() {
        @Override
        public void onMessage(Room room, Message message) {
          Observation.createNotStarted("database", registry).observe(() -> room.publish(message));
        }
      };
    }
  }
}
