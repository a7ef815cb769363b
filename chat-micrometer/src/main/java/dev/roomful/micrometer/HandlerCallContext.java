package dev.roomful.micrometer;

import dev.roomful.Room;
import io.micrometer.observation.Observation;

/** The context of the observation of one call of a handler. */
public final class HandlerCallContext extends Observation.Context {
  private final String callback;
  private final Room room;
  private final String participantId;

  /**
   * Creates a context.
   *
   * @param callback the name of the method, such as {@code onMessage}
   * @param room the room
   * @param participantId the id of the participant, or of the message's sender
   */
  public HandlerCallContext(String callback, Room room, String participantId) {
    this.callback = callback;
    this.room = room;
    this.participantId = participantId;
  }

  /** {@return the name of the method: one of five} */
  public String callback() {
    return callback;
  }

  /** {@return the room} */
  public Room room() {
    return room;
  }

  /** {@return the id of the participant, or of the message's sender} */
  public String participantId() {
    return participantId;
  }
}
