package dev.roomful.protocol;

import dev.roomful.Message;
import dev.roomful.admission.Position;
import java.util.List;

/**
 * The answer to a {@link HistoryQuery}.
 *
 * @param position the position of the room's latest message when the page was read
 * @param messages the messages in the order of the query, none later than {@code position}
 */
public record HistoryPage(Position position, List<Message> messages) {
  /**
   * Copies the messages.
   *
   * @param position the position of the newest message of the room
   * @param messages the messages
   */
  public HistoryPage {
    messages = List.copyOf(messages);
  }
}
