package dev.roomful.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roomful.BroadcastPolicy;
import dev.roomful.Chat;
import dev.roomful.DisplayNames;
import dev.roomful.History;
import dev.roomful.Limits;
import dev.roomful.Overflow;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.RoomNotices;
import dev.roomful.RoomOptions;
import dev.roomful.WelcomeMessage;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Authenticator;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import dev.roomful.spring.AfterCommitPublisher;
import dev.roomful.spring.ChatBuilderCustomizer;
import dev.roomful.testing.TestHandshake;
import dev.roomful.transport.Gateway;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/** The beans of the auto-configuration, and what replaces them, without a server. */
class RoomfulAutoConfigurationTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  RoomfulAutoConfiguration.class, RoomfulTransactionAutoConfiguration.class));

  private final ApplicationContextRunner withHandler =
      runner.withBean(RoomHandler.class, () -> new RoomHandler() {});

  @Test
  void oneHandlerMakesAChat() {
    withHandler.run(
        context -> {
          assertThat(context).hasSingleBean(Chat.class).hasSingleBean(AfterCommitPublisher.class);
          assertThat(context.getBean(Limits.class)).isEqualTo(Limits.defaults());
          assertThat(context.getBean(RoomOptions.class)).isEqualTo(RoomOptions.defaults());
        });
  }

  @Test
  void withoutAHandlerThereIsNoChat() {
    runner.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(Chat.class));
  }

  @Test
  void theChatClosesWithItsContext() {
    Chat[] chat = new Chat[1];
    withHandler.run(context -> chat[0] = context.getBean(Chat.class));
    assertThat(Gateway.of(chat[0]).admit(TestHandshake.create()))
        .isInstanceOfSatisfying(
            Rejection.class, rejection -> assertThat(rejection.code()).isEqualTo("closing"));
  }

  @Test
  void pausingTheContextKeepsTheChat() {
    withHandler.run(
        context -> {
          context.getSourceApplicationContext().pause();
          assertThat(Gateway.of(context.getBean(Chat.class)).admit(TestHandshake.create()))
              .isInstanceOf(AcceptedAdmission.class);
        });
  }

  @Test
  void propertiesSetLimitsAndRoomOptions() {
    withHandler
        .withPropertyValues(
            "roomful.limits.message-size=16KB",
            "roomful.limits.write-timeout=20s",
            "roomful.limits.connections=10000",
            "roomful.room-defaults.capacity=200",
            "roomful.room-defaults.policy=excluding-sender",
            "roomful.room-defaults.display-names=numbered",
            "roomful.room-defaults.history.messages=100",
            "roomful.room-defaults.history.age=1h",
            "roomful.rooms.staff.capacity=20",
            "roomful.rooms.staff.permanent=true",
            "roomful.rooms.staff.overflow=drop-oldest",
            "roomful.rooms.[all hands].permanent=true",
            "roomful.rooms.[all hands].history.messages=0")
        .run(
            context -> {
              assertThat(context.getBean(Limits.class))
                  .isEqualTo(
                      Limits.defaults()
                          .withMessageBytes(16 * 1024)
                          .withWriteTimeout(Duration.ofSeconds(20))
                          .withConnections(10_000));
              RoomOptions all =
                  RoomOptions.defaults()
                      .withCapacity(200)
                      .withPolicy(BroadcastPolicy.excludingSender())
                      .withDisplayNames(DisplayNames.numbered())
                      .withHistory(History.of(100).withAge(Duration.ofHours(1)));
              assertThat(context.getBean(RoomOptions.class)).isEqualTo(all);
              assertThat(room(context.getBean(Chat.class), "staff").options())
                  .isEqualTo(
                      all.withCapacity(20).withPermanent().withOverflow(Overflow.DROP_OLDEST));
              assertThat(room(context.getBean(Chat.class), "all hands").options().history())
                  .isEqualTo(History.none().withAge(Duration.ofHours(1)));
            });
  }

  private static Room room(Chat chat, String name) {
    return chat.room(name).orElseThrow();
  }

  @Test
  void onlyListedRoomsMayBeRequired() {
    withHandler
        .withPropertyValues("roomful.only-declared-rooms=true", "roomful.rooms.staff.capacity=2")
        .run(
            context -> {
              Gateway gateway = Gateway.of(context.getBean(Chat.class));
              assertThat(gateway.admit(TestHandshake.create().withPath("room", "staff")))
                  .isInstanceOf(AcceptedAdmission.class);
              assertThat(gateway.admit(TestHandshake.create().withPath("room", "other")))
                  .isInstanceOf(Rejection.class);
            });
  }

  @Test
  void originsAreChecked() {
    withHandler
        .withPropertyValues(
            "roomful.allowed-origins=https://example.org", "roomful.require-origin=true")
        .run(
            context -> {
              Gateway gateway = Gateway.of(context.getBean(Chat.class));
              TestHandshake handshake = TestHandshake.create();
              assertThat(gateway.admit(handshake)).isInstanceOf(Rejection.class);
              assertThat(gateway.admit(handshake.withHeader("Origin", "https://example.org")))
                  .isInstanceOf(AcceptedAdmission.class);
            });
  }

  @Test
  void aValueOutOfRangeFailsTheStartAndIsNamed() {
    withHandler
        .withPropertyValues("roomful.limits.message-burst=0")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("messageBurst"));
    withHandler
        .withPropertyValues("roomful.limits.outbox-size=2GB")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining("roomful.limits.outbox-size"));
  }

  @Test
  void customizersComeLastAndInTheirOrder() {
    withHandler
        .withPropertyValues("roomful.limits.rooms=7")
        .withUserConfiguration(Customizers.class)
        .run(
            context -> {
              Gateway gateway = Gateway.of(context.getBean(Chat.class));
              assertThat(gateway.limits().rooms()).isEqualTo(2);
            });
  }

  @Configuration(proxyBeanMethods = false)
  static class Customizers {
    @Bean
    @Order(2)
    ChatBuilderCustomizer second() {
      return builder -> builder.limits(Limits.defaults().withRooms(2));
    }

    @Bean
    @Order(1)
    ChatBuilderCustomizer first() {
      return builder -> builder.limits(Limits.defaults().withRooms(1));
    }
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
  void callbacksRunOnVirtualThreadsIfThoseOfTheApplicationDo() {
    withHandler
        .withPropertyValues("spring.threads.virtual.enabled=true")
        .run(
            context -> {
              CompletableFuture<String> thread = new CompletableFuture<>();
              Gateway.of(context.getBean(Chat.class))
                  .callbackExecutor()
                  .execute(() -> thread.complete(Thread.currentThread().toString()));
              assertThat(thread.get(5, TimeUnit.SECONDS))
                  .contains("VirtualThread", "roomful-callback-");
            });
  }

  @Test
  void eachBeanCanBeReplaced() {
    RoomOptions options = RoomOptions.defaults().withCapacity(3);
    Limits limits = Limits.defaults().withRooms(5);
    Authenticator authenticator = handshake -> Rejection.of(401, "nobody");
    withHandler
        .withBean(RoomOptions.class, () -> options)
        .withBean(Limits.class, () -> limits)
        .withBean(Authenticator.class, () -> authenticator)
        .run(
            context -> {
              assertThat(context.getBean(RoomOptions.class)).isSameAs(options);
              Gateway gateway = Gateway.of(context.getBean(Chat.class));
              assertThat(gateway.limits()).isSameAs(limits);
              assertThat(gateway.admit(TestHandshake.create())).isInstanceOf(Rejection.class);
            });
    Chat own = Chat.of(new RoomHandler() {});
    withHandler
        .withBean(Chat.class, () -> own)
        .run(context -> assertThat(context.getBean(Chat.class)).isSameAs(own));
    Chat.Builder builder = Chat.builder(new RoomHandler() {}).limits(limits);
    withHandler
        .withBean(Chat.Builder.class, () -> builder)
        .run(
            context ->
                assertThat(Gateway.of(context.getBean(Chat.class)).limits()).isSameAs(limits));
  }

  @Test
  void roomOptionsThatAreCodeAreBeans() {
    withHandler
        .withUserConfiguration(CodeOptions.class)
        .run(
            context -> {
              RoomOptions options = context.getBean(RoomOptions.class);
              assertThat(options.notices()).isSameAs(context.getBean(RoomNotices.class));
              assertThat(options.welcome()).isSameAs(context.getBean(WelcomeMessage.class));
              assertThat(options.roles()).isSameAs(context.getBean(Role.Rule.class));
            });
  }

  @Configuration(proxyBeanMethods = false)
  static class CodeOptions {
    @Bean
    RoomNotices notices() {
      return new RoomNotices() {};
    }

    @Bean
    WelcomeMessage welcome() {
      return join -> Payload.text("welcome");
    }

    @Bean
    Role.Rule roles() {
      return (role, action) -> true;
    }
  }
}
