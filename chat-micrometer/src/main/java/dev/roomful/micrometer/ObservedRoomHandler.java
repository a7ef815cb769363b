package dev.roomful.micrometer;

import dev.roomful.CloseStatus;
import dev.roomful.Message;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.admission.Rejection;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A {@link RoomHandler} whose calls are observations, so that a trace begins or continues in them:
 * what the handler calls, such as a database, becomes a part of it.
 *
 * <pre>{@code
 * Chat chat = Chat.builder(ObservedRoomHandler.of(handler, observationRegistry)).build();
 * }</pre>
 *
 * <p>The name is {@value DefaultHandlerCallConvention#NAME}. The low-cardinality keys are {@code
 * callback} and {@code outcome}; room and participant are high-cardinality keys, which metrics do
 * not have. Another convention is set with {@link #withConvention}, or in the registry as a {@link
 * io.micrometer.observation.GlobalObservationConvention}.
 *
 * <p>Safe for use by many threads, if the handler is.
 */
public final class ObservedRoomHandler implements RoomHandler {
  private static final HandlerCallConvention DEFAULT = new DefaultHandlerCallConvention();

  private final RoomHandler handler;
  private final ObservationRegistry registry;
  private final @Nullable HandlerCallConvention convention;

  private ObservedRoomHandler(
      RoomHandler handler,
      ObservationRegistry registry,
      @Nullable HandlerCallConvention convention) {
    this.handler = Objects.requireNonNull(handler, "handler");
    this.registry = Objects.requireNonNull(registry, "registry");
    this.convention = convention;
  }

  /**
   * Returns a handler whose calls are observed.
   *
   * @param handler the application's handler
   * @param registry the registry; of {@link ObservationRegistry#NOOP} nothing is observed
   * @return a handler for {@link dev.roomful.Chat#builder}
   */
  public static ObservedRoomHandler of(RoomHandler handler, ObservationRegistry registry) {
    return new ObservedRoomHandler(handler, registry, null);
  }

  /**
   * Returns a handler with another convention.
   *
   * @param newConvention names and keys, in place of those of the registry and of the default
   * @return a handler like this one with the convention
   */
  public ObservedRoomHandler withConvention(HandlerCallConvention newConvention) {
    return new ObservedRoomHandler(
        handler, registry, Objects.requireNonNull(newConvention, "convention"));
  }

  private Observation observation(String callback, Room room, String participantId) {
    return Observation.createNotStarted(
        convention, DEFAULT, () -> new HandlerCallContext(callback, room, participantId), registry);
  }

  @Override
  public void onJoin(Room room, Participant participant) {
    observation("onJoin", room, participant.id()).observe(() -> handler.onJoin(room, participant));
  }

  @Override
  public void onLeave(Room room, Participant participant, CloseStatus status) {
    observation("onLeave", room, participant.id())
        .observe(() -> handler.onLeave(room, participant, status));
  }

  @Override
  public void onMessage(Room room, Message message) {
    observation("onMessage", room, message.sender().id())
        .observe(() -> handler.onMessage(room, message));
  }

  @Override
  public void onRejected(Room room, Message message, Rejection rejection) {
    observation("onRejected", room, message.sender().id())
        .observe(() -> handler.onRejected(room, message, rejection));
  }

  @Override
  public void onUpdate(Room room, Participant participant) {
    observation("onUpdate", room, participant.id())
        .observe(() -> handler.onUpdate(room, participant));
  }
}
