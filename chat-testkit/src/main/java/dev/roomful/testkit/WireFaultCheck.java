package dev.roomful.testkit;

import dev.roomful.admission.Position;
import dev.roomful.testkit.WireFaultConnection.Event;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Compares what the clients of a {@link WireFaultStory} recorded with what the server did: finds
 * silent gaps, duplicates, reordered messages, lost or foreign messages, and notices of joins and
 * leaves that are wrong.
 */
final class WireFaultCheck {
  private final WireFaultStory story;
  private final boolean losesInput;
  private final List<Event> found = new ArrayList<>();

  /**
   * Creates a check.
   *
   * @param losesInput whether the server may lose what a client sent before a failed write
   */
  WireFaultCheck(WireFaultStory story, boolean losesInput) {
    this.story = story;
    this.losesInput = losesInput;
  }

  /** {@return the earliest event that must not have happened, with its time} */
  Optional<String> firstWrongEvent() {
    found.clear();
    story.clients.forEach(this::checkClient);
    checkTransitions();
    checkNoticesOfTheObserver();
    return found.stream()
        .min(Comparator.comparingLong(Event::nanos))
        .map(event -> story.time(event.nanos()) + event.text());
  }

  private void wrong(long nanos, String what) {
    found.add(new Event(nanos, what));
  }

  private void wrong(String what) {
    wrong(System.nanoTime(), what);
  }

  private void checkClient(WireFaultClient client) {
    List<String> accepted = story.room.acceptedFrom(client.id);
    Set<String> unknown = new HashSet<>(accepted);
    if (unknown.size() != accepted.size()) {
      wrong("messages of " + client.id + " were handled twice: " + accepted);
    }
    Set<String> directs = new HashSet<>();
    for (WireFaultConnection connection : client.connections) {
      for (Event event : connection.contradictions()) {
        wrong(event.nanos(), connection + " has " + event.text());
      }
      checkMessages(connection);
      for (Event direct : connection.directs()) {
        boolean own = accepted.contains(direct.text().substring(WireFaultRoom.DIRECT.length()));
        if (!own || !directs.add(direct.text())) {
          wrong(direct.nanos(), connection + " received, twice or wrongly, " + direct.text());
        }
      }
      checkSent(connection, accepted);
      connection.sent().forEach(unknown::remove);
    }
    if (!unknown.isEmpty()) {
      wrong("messages of " + client.id + " were handled that it has not sent whole: " + unknown);
    }
  }

  /** Messages follow the position from which the connection was told to continue, one by one. */
  private void checkMessages(WireFaultConnection connection) {
    Position start = connection.start();
    long offset = start == null ? 0 : start.offset();
    for (Event message : connection.messages()) {
      Position position = new Position(start == null ? "" : start.epoch(), ++offset);
      String expected = story.room.at(position);
      if (!expected.equals(message.text())) {
        wrong(
            message.nanos(),
            connection
                + " received "
                + message.text()
                + " at "
                + position
                + ", where the room has "
                + expected);
        return;
      }
    }
  }

  /** A connection's messages arrive in their order and without a gap, up to its end. */
  private void checkSent(WireFaultConnection connection, List<String> accepted) {
    List<String> sent = connection.sent();
    List<String> arrived = accepted.stream().filter(new HashSet<>(sent)::contains).toList();
    if (!arrived.equals(sent.subList(0, Math.min(arrived.size(), sent.size())))) {
      wrong(connection + " sent " + sent + ", and what arrived is " + arrived);
    }
    // Unless the server closed it at the same time, because it was too slow.
    boolean closedByClient =
        connection.ended() == 1000 && story.room.wasClosed(connection.closeReason());
    if (closedByClient && !losesInput && arrived.size() < sent.size()) {
      wrong(connection + " was closed in order, and of " + sent + " arrived only " + arrived);
    }
  }

  /** Joins and leaves alternate, and a client that resumed did not join again. */
  private void checkTransitions() {
    story
        .room
        .transitions()
        .forEach(
            (id, transitions) -> {
              for (int i = 0; i < transitions.size(); i++) {
                if (!transitions.get(i).equals(i % 2 == 0 ? "joined" : "left")) {
                  wrong("callbacks of " + id + ": " + transitions);
                }
              }
            });
    for (WireFaultClient client : story.clients) {
      long joins = joins(client.id);
      long notResumed = client.connections.stream().filter(one -> !one.isResumed()).count();
      if (joins > notResumed) {
        wrong(client.id + " joined " + joins + " times, but not on " + client.connections);
      }
    }
  }

  private long joins(String id) {
    return story.room.transitions().getOrDefault(id, List.of()).stream()
        .filter("joined"::equals)
        .count();
  }

  /** One who was there all the time received a notice of each join. */
  private void checkNoticesOfTheObserver() {
    WireFaultClient observer = story.clients.get(0);
    if (observer.connections.size() != 1) {
      return;
    }
    List<Event> notices = observer.connections.get(0).notices();
    for (WireFaultClient client : story.clients.subList(1, story.clients.size())) {
      String joined = WireFaultRoom.JOINED + client.id;
      long reported = notices.stream().filter(notice -> notice.text().equals(joined)).count();
      if (reported != joins(client.id)) {
        wrong(
            "of " + joins(client.id) + " joins of " + client.id + " " + reported + " are reported");
      }
    }
  }
}
