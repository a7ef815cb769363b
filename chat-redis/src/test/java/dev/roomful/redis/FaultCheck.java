package dev.roomful.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.CloseStatus;
import dev.roomful.admission.Position;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** What holds after a {@link FaultStory} has settled; fails with the first wrong event. */
final class FaultCheck {
  /** How the library closes clients of a story. */
  private static final Set<Integer> EXPECTED_CODES =
      Set.of(
          CloseStatus.NORMAL.code(),
          CloseStatus.LOST.code(),
          CloseStatus.RESTART.code(),
          CloseStatus.FULL.code(),
          CloseStatus.KICKED.code(),
          CloseStatus.BANNED.code(),
          CloseStatus.RESUMED.code(),
          CloseStatus.RELOAD.code());

  private final FaultStory story;
  private final List<Integer> nodes;
  private Map<String, FaultMessage> messages = Map.of();

  /** The rooms that are open on each node. */
  private final Map<Integer, Map<String, RoomState>> rooms = new TreeMap<>();

  FaultCheck(FaultStory story) {
    this.story = story;
    this.nodes = story.liveNodes();
  }

  /** Fails until the nodes have settled, and afterwards only if something is wrong. */
  void check() {
    messages = story.messages();
    for (int node : nodes) {
      Map<String, RoomState> open = new TreeMap<>();
      FaultStory.ROOMS.forEach(
          name -> story.room(node, name).ifPresent(room -> open.put(name, room)));
      rooms.put(node, open);
    }
    everyOutcomeIsKnown();
    theNodesAgree();
    theMembersAreTheOpenClients();
    theHistoryHasWhatWasAccepted();
    story.clients.forEach(this::aClientReceivesItsAudience);
    sanctionsHold();
    directMessagesReachTheirParticipantOnly();
  }

  /** {@return what the last check has found on the nodes, for the trace of a failure} */
  List<String> found() {
    List<String> lines = new ArrayList<>();
    rooms.forEach(
        (node, open) ->
            open.forEach(
                (name, room) ->
                    lines.add(
                        "node %d has %s at %s with %s"
                            .formatted(node, name, room.newest(), room.members()))));
    return lines;
  }

  private void everyOutcomeIsKnown() {
    assertEquals(List.of(), story.handledTwice(), "messages handled twice");
    for (FaultMessage message : messages.values()) {
      assertTrue(
          message.hasOutcome() || story.killedNodes.contains(message.node()),
          () -> message + " has no outcome");
    }
    for (FaultClient client : story.clients) {
      CloseStatus status = client.status();
      assertTrue(
          status == null || EXPECTED_CODES.contains(status.code()),
          () -> client + " was closed with " + status);
    }
  }

  private void theNodesAgree() {
    for (RoomState room : states(FaultChat.BRIEF)) {
      List<String> names = certainNames(room).stream().map(RoomState.Member::name).toList();
      assertEquals(names.size(), new HashSet<>(names).size(), () -> "names: " + names);
    }
    for (String room : FaultStory.ROOMS) {
      agree(room, "members", state -> Set.copyOf(state.ids()));
      agree(room, "names", state -> Set.copyOf(certainNames(state)));
      // A room that nobody has used has no epoch yet.
      agree(room, "position", state -> state.newest().endsWith(":0") ? "none" : state.newest());
      agree(room, "topic", RoomState::topic);
      agree(room, "state", RoomState::digest);
      agree(room, "history", RoomState::history);
    }
  }

  private List<RoomState.Member> certainNames(RoomState room) {
    return room.members().stream()
        .filter(member -> !story.uncertainNames.contains(member.id()))
        .toList();
  }

  private <T> void agree(String room, String what, Function<RoomState, T> value) {
    Map<Integer, T> values = new TreeMap<>();
    rooms.forEach(
        (node, open) -> {
          if (open.containsKey(room)) {
            values.put(node, value.apply(open.get(room)));
          }
        });
    assertTrue(
        new HashSet<>(values.values()).size() <= 1, () -> what + " of " + room + ": " + values);
  }

  /** {@return a room as the nodes know it on which it is open} */
  private List<RoomState> states(String room) {
    return rooms.values().stream()
        .filter(open -> open.containsKey(room))
        .map(open -> open.get(room))
        .toList();
  }

  private List<RoomState.Stored> history(String room) {
    return states(room).get(0).history();
  }

  private void theMembersAreTheOpenClients() {
    for (String name : FaultStory.ROOMS) {
      Set<String> open =
          story.clients.stream()
              .filter(client -> client.room.equals(name) && client.isOpen())
              .map(client -> client.id)
              .collect(Collectors.toCollection(TreeSet::new));
      Set<String> members = new TreeSet<>();
      states(name).forEach(room -> members.addAll(room.ids()));
      assertEquals(open, members, "who is in " + name);
      story.clients.stream()
          .filter(client -> client.room.equals(name) && client.isOpen())
          .forEach(
              client -> assertEquals(members, client.members(), () -> client + " knows who is in"));
      assertTrue(
          name.equals(FaultChat.BRIEF) || states(name).size() == nodes.size(),
          () -> name + " is permanent");
    }
  }

  private void theHistoryHasWhatWasAccepted() {
    for (String room : List.of(FaultChat.KEPT, FaultChat.OTHERS)) {
      Map<String, Position> stored = new LinkedHashMap<>();
      long time = 0;
      for (RoomState.Stored message : history(room)) {
        Position position = Position.parse(message.position()).orElseThrow();
        assertEquals(
            null, stored.put(message.text(), position), () -> message.text() + " is kept twice");
        long before = time;
        time = message.time();
        assertTrue(time >= before, () -> message + " is older than the message before it");
      }
      if (!story.rewound) {
        assertEquals(
            LongStream.rangeClosed(1, stored.size()).boxed().toList(),
            stored.values().stream().map(Position::offset).toList(),
            () -> "offsets in " + room);
      }
      for (FaultMessage message : messages.values()) {
        if (message.room().equals(room)) {
          Position position = stored.get(message.text());
          assertFalse(
              message.isCertainlyRejected() && position != null,
              () -> message + " was rejected and is kept");
          assertTrue(
              !message.isAccepted()
                  || story.rewound
                  || Objects.equals(message.position(), position),
              () -> message + " at " + message.position() + " is kept at " + position);
        }
      }
    }
  }

  private void aClientReceivesItsAudience(FaultClient client) {
    List<String> received = client.messages();
    assertEquals(
        List.of(), client.contradictions(), () -> client + " received what it knew already");
    assertEquals(
        received.size(),
        new HashSet<>(received).size(),
        () -> client + " received twice: " + received);
    for (String text : received) {
      FaultMessage message = messages.get(text);
      assertNotNull(message, () -> client + " received what nobody sent: " + text);
      assertEquals(client.room, message.room(), () -> client + " received " + message);
      assertFalse(message.isCertainlyRejected(), () -> client + " received " + message);
    }
    Position start = client.start();
    if (start == null) {
      assertEquals(List.of(), received, () -> client + " received messages before its welcome");
    } else if (!client.room.equals(FaultChat.BRIEF)) {
      receivesAll(client, keptAfter(client, start), received, story.rewound);
    } else if (!story.serverKilled) {
      receivesAllOfEachEpoch(client, start, received);
    }
  }

  /**
   * A client receives what follows its welcome. If its node counted as lost and the room became
   * empty for others meanwhile, the room began again, and the client receives that from the start.
   */
  private void receivesAllOfEachEpoch(FaultClient client, Position start, List<String> received) {
    Map<String, List<String>> epochs = new LinkedHashMap<>();
    epochs.put(start.epoch(), new ArrayList<>());
    String last = start.epoch();
    for (String text : received) {
      Position position = Objects.requireNonNull(messages.get(text)).position();
      if (position != null) {
        String epoch = position.epoch();
        List<String> known = epochs.putIfAbsent(epoch, new ArrayList<>());
        assertTrue(epoch.equals(last) || known == null, () -> client + " received epochs in turns");
        Objects.requireNonNull(epochs.get(epoch)).add(text);
        last = epoch;
      }
    }
    epochs.forEach(
        (epoch, texts) -> {
          Position after = epoch.equals(start.epoch()) ? start : new Position(epoch, 0);
          receivesAll(client, acceptedAfter(client, after), texts, false);
        });
  }

  private List<String> keptAfter(FaultClient client, Position start) {
    return history(client.room).stream()
        .filter(message -> message.offset() > start.offset())
        .filter(
            message -> !client.room.equals(FaultChat.OTHERS) || !message.sender().equals(client.id))
        .map(RoomState.Stored::text)
        .toList();
  }

  private List<String> acceptedAfter(FaultClient client, Position start) {
    List<FaultMessage> accepted = new ArrayList<>();
    for (FaultMessage message : messages.values()) {
      Position position = message.position();
      if (position != null
          && message.room().equals(client.room)
          && position.epoch().equals(start.epoch())
          && position.offset() > start.offset()) {
        accepted.add(message);
      }
    }
    accepted.sort(
        Comparator.comparingLong(message -> Objects.requireNonNull(message.position()).offset()));
    return accepted.stream().map(FaultMessage::text).toList();
  }

  /**
   * An open client received all, another one all up to its end; if Redis has lost data, then
   * messages that are lost may follow.
   */
  private static void receivesAll(
      FaultClient client, List<String> expected, List<String> received, boolean lossAllowed) {
    int same = 0;
    while (same < Math.min(expected.size(), received.size())
        && expected.get(same).equals(received.get(same))) {
      same++;
    }
    String first = "the first wrong message is number " + same + " of " + received;
    if (client.isOpen()) {
      assertEquals(
          expected, received, () -> client + " receives all in the order of the room; " + first);
      return;
    }
    List<String> rest = new ArrayList<>(received.subList(same, received.size()));
    if (lossAllowed) {
      rest.retainAll(expected);
    }
    assertEquals(
        List.of(),
        rest,
        () ->
            client
                + " was closed with "
                + client.status()
                + " and has a gap; "
                + first
                + " of "
                + expected);
  }

  private void sanctionsHold() {
    if (story.rewound) {
      return;
    }
    for (FaultStory.Sanction removal : story.removals) {
      for (FaultClient client : removal.joined()) {
        assertFalse(
            removal.concerns(client.room, client.id) && client.isOpen(),
            () -> client + " is open after " + removal);
      }
    }
    for (FaultStory.Sanction ban : story.bans.values()) {
      for (FaultClient client : story.clients) {
        assertFalse(
            ban.concerns(client.room, client.id) && client.isOpen(),
            () -> client + " is open despite " + ban);
      }
    }
    for (FaultStory.Sanction mute : story.mutes.values()) {
      for (FaultMessage message : messages.values()) {
        assertFalse(
            message.step() > mute.step()
                && mute.concerns(message.room(), message.sender())
                && message.isAccepted(),
            () -> message + " was accepted despite " + mute);
      }
    }
  }

  private void directMessagesReachTheirParticipantOnly() {
    for (FaultClient client : story.clients) {
      List<String> directs = client.directs();
      assertEquals(
          directs.size(), new HashSet<>(directs).size(), () -> client + " got twice: " + directs);
      for (String text : directs) {
        assertTrue(
            text.startsWith(FaultClient.DIRECT + client.id + " "),
            () -> client + " received " + text);
      }
    }
  }

  /** Adds clients on each node, some of them banned. */
  void probe() {
    story.step++;
    for (int node : nodes) {
      for (String room : List.of(FaultChat.KEPT, FaultChat.BRIEF)) {
        story.open("probe" + node, room, node, null, "");
      }
      if (!story.rewound) {
        for (FaultStory.Sanction ban : story.bans.values()) {
          story.open(ban.id(), ban.room(), node, null, "");
        }
      }
    }
  }

  /** Lets the clients of {@link #probe} that have joined send one message each. */
  void sendFromProbes() {
    for (FaultClient client : story.clients) {
      if (isProbe(client)) {
        assertNotNull(client.start(), () -> client + " has joined");
      }
    }
    for (FaultClient client : story.clients) {
      if (isProbe(client)) {
        client.send("#" + ++story.step);
      }
    }
  }

  private static boolean isProbe(FaultClient client) {
    return client.id.startsWith("probe");
  }

  /** Fails unless the clients of {@link #probe} are members and their messages are accepted. */
  void checkProbes() {
    check();
    for (FaultClient client : story.clients) {
      if (isProbe(client)) {
        assertTrue(client.isOpen(), () -> client + " is open");
        assertTrue(
            messages.values().stream()
                .anyMatch(
                    message ->
                        message.sender().equals(client.id)
                            && message.room().equals(client.room)
                            && message.isAccepted()),
            () -> "a message of " + client + " is accepted");
      }
    }
  }
}
