package dev.roomful.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.Message;
import dev.roomful.RejectedException;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.admission.Rejection;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.GlobalObservationConvention;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Handler calls as observations, so that traces go through them. */
class ObservedRoomHandlerTest {
  private final TestObservationRegistry registry = TestObservationRegistry.create();
  private final List<Observation> current = new ArrayList<>();

  private final RoomHandler handler =
      new RoomHandler() {
        @Override
        public void onMessage(Room room, Message message) {
          current.add(registry.getCurrentObservation());
          switch (message.text()) {
            case "no" -> throw new RejectedException(new Rejection(403, "no", "not here"));
            case "fail" -> throw new IllegalStateException("failed");
            default -> room.publish(message);
          }
        }
      };

  private static void send(RoomHandler observed, String text) {
    try (TestChat chat = TestChat.of(Chat.builder(observed))) {
      chat.connect("lobby", "ann").send(text);
    }
  }

  @Test
  void aCallIsAnObservationThatIsCurrentWhileTheHandlerRuns() {
    send(ObservedRoomHandler.of(handler, registry), "hello");
    assertNotNull(current.get(0));
    TestObservationRegistryAssert.assertThat(registry)
        .hasObservationWithNameEqualTo("roomful.handler")
        .that()
        .hasBeenStarted()
        .hasBeenStopped();
    TestObservationRegistryAssert.assertThat(registry)
        .hasAnObservation(
            context ->
                context
                    .hasContextualNameEqualTo("roomful onMessage")
                    .hasLowCardinalityKeyValue("callback", "onMessage")
                    .hasLowCardinalityKeyValue("outcome", "success")
                    .hasHighCardinalityKeyValue("roomful.room", "lobby")
                    .hasHighCardinalityKeyValue("roomful.participant", "ann"));
    TestObservationRegistryAssert.assertThat(registry)
        .hasAnObservation(context -> context.hasLowCardinalityKeyValue("callback", "onJoin"));
    TestObservationRegistryAssert.assertThat(registry)
        .hasAnObservation(context -> context.hasLowCardinalityKeyValue("callback", "onLeave"));
  }

  @Test
  void aRejectedMessageIsNotAFailure() {
    send(ObservedRoomHandler.of(handler, registry), "no");
    TestObservationRegistryAssert.assertThat(registry)
        .hasAnObservation(context -> context.hasLowCardinalityKeyValue("outcome", "rejected"));
    TestObservationRegistryAssert.assertThat(registry)
        .hasAnObservation(context -> context.hasLowCardinalityKeyValue("callback", "onRejected"));
  }

  @Test
  void aFailureIsAnErrorOfTheObservationAndStillOneOfTheChat() {
    try (TestChat chat = TestChat.of(Chat.builder(ObservedRoomHandler.of(handler, registry)))) {
      TestClient ann = chat.connect("lobby", "ann");
      ann.send("fail");
      assertEquals(1, chat.chat().failedCallbacks());
    }
    TestObservationRegistryAssert.assertThat(registry)
        .hasAnObservation(
            context -> context.hasLowCardinalityKeyValue("outcome", "failure").hasError());
  }

  private static final class Ours extends DefaultHandlerCallConvention
      implements GlobalObservationConvention<HandlerCallContext> {
    @Override
    public String getName() {
      return "our.chat";
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(HandlerCallContext context) {
      return KeyValues.empty();
    }
  }

  @Test
  void theConventionOfTheApplicationNamesTheCalls() {
    Ours ours = new Ours();
    send(ObservedRoomHandler.of(handler, registry).withConvention(ours), "hello");
    TestObservationRegistryAssert.assertThat(registry).hasObservationWithNameEqualTo("our.chat");
    TestObservationRegistry other = TestObservationRegistry.create();
    other.observationConfig().observationConvention(ours);
    send(ObservedRoomHandler.of(handler, other), "hello");
    TestObservationRegistryAssert.assertThat(other).hasObservationWithNameEqualTo("our.chat");
  }

  @Test
  void aRegistryThatObservesNothingObservesNothing() {
    send(ObservedRoomHandler.of(handler, ObservationRegistry.NOOP), "hello");
    assertTrue(current.get(0) == null || current.get(0).isNoop());
    TestObservationRegistryAssert.assertThat(registry).doesNotHaveAnyObservation();
  }
}
