package dev.roomful.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.CloseStatus;
import dev.roomful.Message;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.internal.room.LiveRoom;
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
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What holds after a {@link ClusterStory} has settled. */
final class StoryCheck {
  private final ClusterStory story;
  private final List<Integer> nodes;

  StoryCheck(ClusterStory story) {
    this.story = story;
    this.nodes = story.liveNodes();
  }

  void check() {
    assertEquals(List.of(), story.failures(), "failures in the log");
    if (nodes.isEmpty()) {
      return;
    }
    everyOutcomeIsKnown();
    theNodesAgree();
    theMembersAreTheOpenClients();
    eachMembershipIsReportedOnce();
    theHistoryHasWhatWasAccepted();
    story.clients.forEach(this::aClientReceivesItsAudience);
    sanctionsHold();
    directMessagesReachTheirParticipantOnly();
    theClusterStillWorks();
  }

  private void everyOutcomeIsKnown() {
    assertEquals(List.of(), story.handledTwice, "messages handled twice");
    for (StoryMessage message : story.messages.values()) {
      assertTrue(
          !message.isPending() || story.crashedNodes.contains(message.node()),
          () -> message + " has no outcome");
      assertTrue(
          story.faults != ClusterStory.Faults.NONE
              || message.isAccepted()
              || message.isCertainlyRejected(),
          () -> message + " was rejected although there were no faults");
    }
  }

  private void theNodesAgree() {
    nodes.forEach(
        node -> story.room(node, ClusterStory.BRIEF).ifPresent(StoryCheck::namesAreUnique));
    for (String room : ClusterStory.ROOMS) {
      agree(room, "members", real -> real.participants().stream().map(Participant::id).toList());
      agree(
          room,
          "names",
          real ->
              real.participants().stream()
                  .collect(Collectors.toMap(Participant::id, Participant::name)));
      // A room that nobody has used has no epoch yet.
      agree(
          room,
          "position",
          real -> real.position().offset() == 0 ? "none" : real.position().toString());
      agree(room, "topic", Room::topic);
      agree(room, "state", real -> ((LiveRoom) real).stateDigest());
      agree(
          room,
          "roles",
          real ->
              real.participants().stream().map(member -> real.role(member).orElseThrow()).toList());
      agree(
          room,
          "attributes",
          real ->
              real.participants().stream().map(member -> Map.copyOf(member.attributes())).toList());
      agree(
          room,
          "history",
          real -> history(real).stream().map(StoryCheck::positionAndText).toList());
    }
  }

  private static void namesAreUnique(Room room) {
    List<String> names = room.participants().stream().map(Participant::name).toList();
    assertEquals(names.size(), new HashSet<>(names).size(), () -> "names in a room: " + names);
  }

  private <T> void agree(String room, String what, Function<Room, T> value) {
    Map<Integer, T> values = new TreeMap<>();
    nodes.forEach(
        node -> story.room(node, room).ifPresent(real -> values.put(node, value.apply(real))));
    assertTrue(
        new HashSet<>(values.values()).size() <= 1, () -> what + " of " + room + ": " + values);
  }

  private static String positionAndText(Message message) {
    return message.position().orElseThrow() + " " + message.text() + " " + message.reactions();
  }

  private static List<Message> history(Room room) {
    return room.history(HistoryRange.last(ClusterStory.MAX_MESSAGES).folded()).orElseThrow();
  }

  private void theMembersAreTheOpenClients() {
    for (String name : ClusterStory.ROOMS) {
      Set<String> open =
          story.clients.stream()
              .filter(client -> client.room.equals(name) && client.isOpen())
              .map(client -> client.id)
              .collect(Collectors.toCollection(TreeSet::new));
      Set<String> members = new TreeSet<>();
      nodes.forEach(
          node ->
              story
                  .room(node, name)
                  .ifPresent(
                      room -> room.participants().forEach(member -> members.add(member.id()))));
      assertEquals(open, members, "who is in " + name);
      story.clients.stream()
          .filter(client -> client.room.equals(name) && client.isOpen())
          .forEach(client -> assertEquals(members, client.members(), client + " knows who is in"));
      assertTrue(
          name.equals(ClusterStory.BRIEF)
              || nodes.stream().allMatch(node -> story.room(node, name).isPresent()),
          name + " is permanent");
    }
  }

  /** Calls of a crashed node are lost, and an engine that loses data loses leaves and joins. */
  private void eachMembershipIsReportedOnce() {
    if (story.faults.compareTo(ClusterStory.Faults.LINKS) > 0) {
      return;
    }
    for (String room : ClusterStory.ROOMS) {
      for (String id : ClusterStory.IDS) {
        boolean member = nodes.stream().anyMatch(node -> isMember(node, room, id));
        assertEquals(
            member ? 1 : 0,
            story.joinsWithoutLeave.getOrDefault(ClusterStory.key(room, id), 0),
            () -> "joins without a leave of " + id + " in " + room);
      }
    }
  }

  private boolean isMember(int node, String room, String id) {
    return story.room(node, room).stream()
        .flatMap(real -> real.participants().stream())
        .anyMatch(member -> member.id().equals(id));
  }

  private List<Message> history(String room) {
    return history(story.room(nodes.get(0), room).orElseThrow());
  }

  private void theHistoryHasWhatWasAccepted() {
    for (String room : List.of(ClusterStory.KEPT, ClusterStory.OTHERS)) {
      Map<String, Position> stored = new LinkedHashMap<>();
      for (Message message : history(room)) {
        Position position = message.position().orElseThrow();
        assertEquals(
            null, stored.put(message.text(), position), message.text() + " is stored twice");
      }
      for (StoryMessage message : story.messages.values()) {
        if (!message.room().equals(room)) {
          continue;
        }
        assertFalse(
            message.isCertainlyRejected() && stored.containsKey(message.text()),
            () -> message + " was rejected and is stored");
        assertFalse(
            story.deleted.getOrDefault(message.text(), false)
                && !story.rewound
                && stored.containsKey(message.text()),
            () -> message + " was deleted and is stored");
        if (message.isAccepted() && !story.rewound) {
          Position position = stored.get(message.text());
          assertTrue(
              Objects.equals(message.position(), position)
                  || story.deleted.containsKey(message.text())
                  || (position == null && isDuplicate(message, stored)),
              () -> message + " at " + message.position() + " is stored at " + position);
        }
      }
    }
  }

  /** {@return whether another message with its key is stored at its position} */
  private boolean isDuplicate(StoryMessage message, Map<String, Position> stored) {
    return message.key() != null
        && story.messages.values().stream()
            .filter(other -> message.key().equals(other.key()))
            .anyMatch(
                other ->
                    Objects.equals(message.position(), stored.get(other.text()))
                        || story.deleted.containsKey(other.text()));
  }

  private void aClientReceivesItsAudience(StoryClient client) {
    List<String> received = client.messages();
    assertEquals(
        List.of(), client.contradictions(), () -> client + " received notices of what it knew");
    assertEquals(
        received.size(),
        new HashSet<>(received).size(),
        () -> client + " received twice: " + received);
    for (String text : received) {
      StoryMessage message = story.messages.get(text);
      assertTrue(message != null, () -> client + " received what nobody sent: " + text);
      assertEquals(client.room, message.room(), () -> client + " received " + message);
      assertFalse(message.isCertainlyRejected(), () -> client + " received " + message);
    }
    Position start = client.start();
    if (start == null) {
      assertEquals(List.of(), received, () -> client + " received messages before its welcome");
    } else if (!client.room.equals(ClusterStory.BRIEF)) {
      receivesAll(client, storedAfter(client, start), undeleted(received), story.rewound);
    } else if (!story.rewound && !story.engineStopped) {
      receivesAllOfEachEpoch(client, start, received);
    }
  }

  private List<String> storedAfter(StoryClient client, Position start) {
    return history(client.room).stream()
        .filter(message -> message.position().orElseThrow().offset() > start.offset())
        .filter(message -> isAudience(client, message))
        .map(Message::text)
        .filter(text -> !story.deleted.containsKey(text))
        .toList();
  }

  private List<String> undeleted(List<String> texts) {
    return texts.stream().filter(text -> !story.deleted.containsKey(text)).toList();
  }

  private static boolean isAudience(StoryClient client, Message message) {
    return !client.room.equals(ClusterStory.OTHERS)
        || message.isAnnouncement()
        || !message.sender().id().equals(client.id);
  }

  /**
   * A client receives what follows its welcome. If its node counted as lost and the room became
   * empty for others meanwhile, the room began again, and the client receives that from the start.
   */
  private void receivesAllOfEachEpoch(StoryClient client, Position start, List<String> received) {
    Map<String, List<String>> epochs = new LinkedHashMap<>();
    epochs.put(start.epoch(), new ArrayList<>());
    String last = start.epoch();
    for (String text : received) {
      Position position = story.messages.get(text).position();
      if (position != null) {
        String epoch = position.epoch();
        List<String> known = epochs.putIfAbsent(epoch, new ArrayList<>());
        assertTrue(epoch.equals(last) || known == null, () -> client + " received epochs in turns");
        epochs.get(epoch).add(text);
        last = epoch;
      }
    }
    epochs.forEach(
        (epoch, texts) -> {
          Position after = epoch.equals(start.epoch()) ? start : new Position(epoch, 0);
          receivesAll(client, acceptedAfter(client, after), texts, false);
        });
  }

  private List<String> acceptedAfter(StoryClient client, Position start) {
    List<StoryMessage> accepted = new ArrayList<>();
    for (StoryMessage message : story.messages.values()) {
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
    return accepted.stream().map(StoryMessage::text).toList();
  }

  /**
   * An open client has received all, a closed one all up to its end; if the engine has lost data,
   * then messages that are lost may follow.
   */
  private static void receivesAll(
      StoryClient client, List<String> expected, List<String> received, boolean lossAllowed) {
    if (client.isOpen()) {
      assertEquals(expected, received, () -> client + " receives all in the order of the room");
      return;
    }
    int same = 0;
    while (same < Math.min(expected.size(), received.size())
        && expected.get(same).equals(received.get(same))) {
      same++;
    }
    List<String> rest = new ArrayList<>(received.subList(same, received.size()));
    if (lossAllowed) {
      rest.retainAll(expected);
    }
    assertEquals(
        List.of(),
        rest,
        () -> client + " is closed and received " + received + " with a gap, of " + expected);
  }

  private void sanctionsHold() {
    if (story.rewound) {
      return;
    }
    for (ClusterStory.Sanction removal : story.removals) {
      story.clients.stream()
          .filter(
              client ->
                  removal.joined().contains(client) && isOf(removal).apply(client.room, client.id))
          .forEach(
              client -> assertFalse(client.isOpen(), () -> client + " is open after " + removal));
    }
    for (ClusterStory.Sanction ban : story.bans.values()) {
      story.clients.stream()
          .filter(client -> isOf(ban).apply(client.room, client.id))
          .forEach(
              client -> assertFalse(client.isOpen(), () -> client + " is open despite " + ban));
    }
    for (ClusterStory.Sanction mute : story.mutes.values()) {
      story.messages.values().stream()
          .filter(
              message ->
                  message.step() > mute.step()
                      && isOf(mute).apply(message.room(), message.sender()))
          .forEach(
              message -> assertFalse(message.isAccepted(), () -> message + " despite " + mute));
    }
  }

  private static BiFunction<String, String, Boolean> isOf(ClusterStory.Sanction sanction) {
    return (room, id) -> sanction.room().equals(room) && sanction.id().equals(id);
  }

  private void directMessagesReachTheirParticipantOnly() {
    for (StoryClient client : story.clients) {
      assertEquals(
          client.directs().size(),
          new HashSet<>(client.directs()).size(),
          () -> client + " received twice: " + client.directs());
      client
          .directs()
          .forEach(
              text ->
                  assertTrue(
                      text.startsWith(StoryClient.DIRECT + client.id + " "),
                      () -> client + " received " + text));
    }
    if (story.faults == ClusterStory.Faults.NONE) {
      for (ClusterStory.Direct direct : story.directs) {
        assertTrue(
            direct.done() || direct.open().stream().noneMatch(StoryClient::isOpen),
            () -> direct + " was rejected");
        direct.open().stream()
            .filter(StoryClient::isOpen)
            .forEach(
                client ->
                    assertTrue(
                        client.directs().contains(direct.text()),
                        () -> client + " did not receive " + direct.text()));
      }
    }
  }

  /** New participants join on all nodes, and what one sends the others receive. */
  private void theClusterStillWorks() {
    for (String room : List.of(ClusterStory.KEPT, ClusterStory.BRIEF)) {
      Map<Integer, TestClient> probes = new LinkedHashMap<>();
      nodes.forEach(
          node -> probes.put(node, story.cluster.node(node).connect(room, "probe" + node)));
      story.cluster.deliver();
      probes.values().forEach(TestClient::received);
      List<String> sent = new ArrayList<>();
      probes.forEach(
          (node, probe) -> {
            assertTrue(probe.isOpen(), () -> "a new client joins " + room + " on node " + node);
            String text = "#" + (1_000_000 + story.messages.size());
            sent.add(text);
            probe.send(text);
            story.cluster.deliver();
          });
      probes.forEach(
          (node, probe) ->
              assertEquals(sent, probe.received(), "a new client in " + room + " on node " + node));
    }
    everyoneCanJoin();
    if (!story.rewound) {
      for (ClusterStory.Sanction ban : story.bans.values()) {
        for (int node : nodes) {
          TestClient banned = story.cluster.node(node).connect(ban.room(), ban.id());
          story.cluster.deliver();
          assertEquals(
              CloseStatus.BANNED.code(),
              banned.closeStatus().map(CloseStatus::code).orElse(0),
              () -> "how a client is closed on node " + node + " despite " + ban);
        }
      }
    }
  }

  /** Nothing is left of earlier memberships that would count against the limit of rooms. */
  private void everyoneCanJoin() {
    for (int node : nodes) {
      String id = ClusterStory.IDS.get((story.step + node) % ClusterStory.IDS.size());
      for (String room : ClusterStory.ROOMS) {
        TestClient client = story.cluster.node(node).connect(room, id);
        story.cluster.deliver();
        CloseStatus status = client.closeStatus().orElse(null);
        assertTrue(
            status == null
                || status.code() == CloseStatus.BANNED.code()
                || status.reason().equals(Rejection.NAME_TAKEN),
            () -> id + " joins " + room + " on node " + node + ": " + status);
      }
    }
  }
}
