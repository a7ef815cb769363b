package dev.roomful;

import dev.roomful.admission.Position;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * What carries the messages of rooms: it gives those of one room their one order, with a position
 * for each, and brings them to every server that has the room. {@link #inMemory} is for one server,
 * and what a chat has unless it is given another one.
 *
 * <p>What it carries is what is said and what is removed. A server keeps in memory what it has
 * heard of a room's {@link History}, so that a replay never waits for the backplane, and knows by
 * itself who is connected to it.
 */
public interface LogEngine {
  /**
   * Opens a room on this server. May block for a bounded moment.
   *
   * @param room the room, as its name and its options say
   * @param listener where to bring what the room is to hear; not before this method has returned
   * @return the way in
   */
  Log open(Room room, Listener listener);

  /**
   * The backplane of a chat on one server. What is said is heard before the call returns.
   *
   * @return a backplane without threads and without a network
   */
  static LogEngine inMemory() {
    return (room, listener) -> new InMemoryLog(listener);
  }

  /**
   * One room on one server, the way in. Called by one thread at a time, with the room's lock held:
   * no method may block, or call anything but the {@link Listener}.
   */
  interface Log {
    /**
     * Where the room was when it was opened.
     *
     * @return the position of its latest message
     */
    Position position();

    /**
     * What the room had kept when it was opened.
     *
     * @return messages with their positions, the oldest first
     */
    List<Message> storedMessages();

    /**
     * Gives a message its position ({@link Message#withPosition}) and brings it to the {@link
     * Listener} of each server, the one that called included: within the call, or later on another
     * thread. Each of them hears all messages of a room in the order of their positions. A message
     * whose sender has used its {@link Message#idempotencyKey} before is brought to nobody.
     *
     * @param message what was said
     * @return its position; that of the first time if its key was used before
     */
    CompletionStage<Position> publish(Message message);

    /**
     * Brings a message to the listeners that is not kept, and has no position.
     *
     * @param message what was said
     */
    void signal(Message message);

    /**
     * Takes a message out of what is kept. This server has done so; the others are told.
     *
     * @param position where it is
     */
    void delete(Position position);

    /** This server has the room no more, and its listener hears nothing more. */
    void close();
  }

  /** One room on one server, the way out. */
  interface Listener {
    /**
     * The room hears a message. Called in the order of the positions, one after the other.
     *
     * @param message with its position, or without one if it is a signal
     */
    void onMessage(Message message);

    /**
     * Another server has removed a message.
     *
     * @param position where it was
     */
    void onDelete(Position position);
  }
}
