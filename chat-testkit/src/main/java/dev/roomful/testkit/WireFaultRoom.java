package dev.roomful.testkit;

import dev.roomful.History;
import dev.roomful.JoinInfo;
import dev.roomful.Message;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.RoomNotices;
import dev.roomful.RoomOptions;
import dev.roomful.admission.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The room of a {@link WireFaultStory}, and what the server did there, which is the truth that
 * clients are compared with.
 */
final class WireFaultRoom {
  static final String WELCOME = "welcome|";
  static final String DIRECT = "direct ";
  static final String MESSAGE = "#";
  static final String JOINED = "+";
  static final String LEFT = "-";

  private static final RoomNotices NOTICES =
      new RoomNotices() {
        @Override
        public Payload participantJoined(Room room, Participant participant) {
          return Payload.text(JOINED + participant.id());
        }

        @Override
        public Payload participantLeft(Room room, Participant participant) {
          return Payload.text(LEFT + participant.id());
        }
      };

  final String name;
  final RoomOptions options;

  // Guarded by this.
  private final Map<Position, String> accepted = new HashMap<>();
  private final Map<String, List<String>> acceptedOfSenders = new HashMap<>();
  private final Map<String, List<String>> transitions = new HashMap<>();
  private final Set<String> closed = new HashSet<>();

  WireFaultRoom(String name, History history) {
    this.name = name;
    this.options =
        RoomOptions.defaults()
            .withHistory(history)
            .withNotices(NOTICES)
            .withWelcome(WireFaultRoom::welcome);
  }

  private static Payload welcome(JoinInfo info) {
    return Payload.text(
        WELCOME
            + String.join(
                "|",
                info.resumeSecret().orElseThrow(),
                info.position().toString(),
                Boolean.toString(info.resumed()),
                Boolean.toString(info.recovered()),
                Integer.toString(info.replayed()),
                info.participants().stream()
                    .map(Participant::id)
                    .collect(Collectors.joining(","))));
  }

  /** Makes a long text short enough to be kept; has no effect on what is short. */
  static String digest(String text) {
    return text.length() <= 50
        ? text
        : text.substring(0, 16) + "... " + text.length() + " " + text.hashCode();
  }

  /** Publishes a message, and answers some to the sender alone. */
  void handle(Room room, Message message) {
    String text = digest(message.text());
    String sender = message.participant().id();
    synchronized (this) {
      acceptedOfSenders.computeIfAbsent(sender, id -> new ArrayList<>()).add(text);
    }
    Position position = room.publish(message).toCompletableFuture().join();
    synchronized (this) {
      accepted.put(position, text);
    }
    if (text.hashCode() % 4 == 0) {
      message.reply(DIRECT + text);
    }
  }

  synchronized void joined(String id) {
    transitions.computeIfAbsent(id, any -> new ArrayList<>()).add("joined");
  }

  synchronized void left(String id) {
    transitions.computeIfAbsent(id, any -> new ArrayList<>()).add("left");
  }

  synchronized void closed(String reason) {
    closed.add(reason);
  }

  /** {@return whether a session was closed by the close frame of its client with that reason} */
  synchronized boolean wasClosed(String reason) {
    return closed.contains(reason);
  }

  /** {@return the message at a position, or a text that says that there is none} */
  synchronized String at(Position position) {
    return accepted.getOrDefault(position, "nothing");
  }

  /** {@return what was accepted from a sender, in the order of the handler's calls} */
  synchronized List<String> acceptedFrom(String sender) {
    return List.copyOf(acceptedOfSenders.getOrDefault(sender, List.of()));
  }

  /** {@return the joins and leaves of each participant, in the order of the callbacks} */
  synchronized Map<String, List<String>> transitions() {
    Map<String, List<String>> copy = new HashMap<>();
    transitions.forEach((id, ofParticipant) -> copy.put(id, List.copyOf(ofParticipant)));
    return copy;
  }

  synchronized int accepted() {
    return accepted.size();
  }
}
