package dev.roomful.testing;

import dev.roomful.Amendment;
import dev.roomful.BroadcastPolicy;
import dev.roomful.Message;
import dev.roomful.Outcome;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Room;
import dev.roomful.Sender;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import dev.roomful.admission.Rejection;
import dev.roomful.admission.Role;
import dev.roomful.testing.ClusterStory.Direct;
import dev.roomful.testing.ClusterStory.Sanction;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Steps of clients, applications and the network without faults. */
final class StoryCalls {
  private static final Duration LONG = Duration.ofHours(1);

  private final ClusterStory story;

  StoryCalls(ClusterStory story) {
    this.story = story;
  }

  void addKinds() {
    story.addKinds(4, this::connect);
    story.addKinds(6, this::send);
    story.addKinds(1, this::sendWithKey);
    story.addKinds(1, this::announce);
    story.addKinds(2, this::leave);
    story.addKinds(2, this::abort);
    story.addKinds(2, this::resume);
    story.addKinds(1, this::kick);
    story.addKinds(1, this::ban);
    story.addKinds(1, this::unban);
    story.addKinds(1, this::mute);
    story.addKinds(1, this::unmute);
    story.addKinds(1, this::rename);
    story.addKinds(1, this::setTopic);
    story.addKinds(1, this::setRole);
    story.addKinds(1, this::update);
    story.addKinds(1, this::deleteMessage);
    story.addKinds(1, this::reactToMessage);
    story.addKinds(1, this::closeRoom);
    story.addKinds(1, this::revoke);
    story.addKinds(1, this::sendDirect);
    story.addKinds(3, this::deliverSome);
    story.addKinds(1, this::deliverAll);
    story.addKinds(2, this::advance);
  }

  private void connect(Random random) {
    String id = ClusterStory.id(random);
    String room = ClusterStory.roomName(random);
    story.usableNode(random).ifPresent(node -> connect(node, id, room, null));
  }

  private void connect(int node, String id, String room, @Nullable StoryClient lost) {
    Position since = lost == null ? null : lastPosition(lost);
    AcceptedAdmission admission = AcceptedAdmission.of(id, room);
    if (since != null) {
      admission = admission.withReplay(HistoryRange.since(since));
    }
    if (lost != null) {
      admission = admission.withResumeSecret(lost.resumeSecret());
      lost.resumed();
    }
    story.note(id + (lost == null ? " joins " : " resumes in ") + room + " on node " + node);
    TestClient real = story.cluster.node(node).connect(admission);
    story.clients.add(new StoryClient(story.step, id, room, node, real, since));
  }

  /** The position of the last message that a client has received, if it is known. */
  private @Nullable Position lastPosition(StoryClient client) {
    Position last = client.start();
    for (String text : client.messages()) {
      StoryMessage message = story.messages.get(text);
      Position position = message == null ? null : message.position();
      if (position == null) {
        return null;
      }
      last = position;
    }
    return last;
  }

  private void resume(Random random) {
    story
        .any(random, StoryClient::canResume)
        .ifPresent(
            client ->
                story
                    .usableNode(random)
                    .ifPresent(node -> connect(node, client.id, client.room, client)));
  }

  private void send(Random random) {
    story
        .any(random, story::isUsable)
        .ifPresent(
            client -> {
              story.note(client.id + " sends #" + story.step + " in " + client.room);
              client.real.send("#" + story.step);
            });
  }

  private void sendWithKey(Random random) {
    story
        .any(random, client -> story.isUsable(client) && !client.room.equals(ClusterStory.BRIEF))
        .ifPresent(
            client -> {
              String key = client.id + random.nextInt(2);
              story.note(
                  client.id + " sends #" + story.step + " in " + client.room + ", key " + key);
              client.real.send("#" + story.step + " key " + key);
            });
  }

  private void leave(Random random) {
    story
        .any(random, story::isUsable)
        .ifPresent(
            client -> {
              story.note("a client of " + client.id + " leaves " + client.room);
              client.real.close();
              client.read();
            });
  }

  private void abort(Random random) {
    story
        .any(random, story::isUsable)
        .ifPresent(
            client -> {
              story.note("a client of " + client.id + " is lost in " + client.room);
              client.real.abort();
              client.suspend();
            });
  }

  private void announce(Random random) {
    String room = ClusterStory.roomName(random);
    story
        .usableNode(random)
        .ifPresent(
            node -> {
              story.note("node " + node + " announces #" + story.step + " in " + room);
              story.record(
                  node,
                  room,
                  "",
                  "#" + story.step,
                  null,
                  story.cluster.node(node).chat().publish(room, "#" + story.step));
            });
  }

  private void kick(Random random) {
    inRoom(random, "kicks", (room, id) -> room.kick(id, "no")).ifPresent(story.removals::add);
  }

  private void ban(Random random) {
    inRoom(random, "bans", (room, id) -> room.ban(id, LONG, "no"))
        .ifPresent(
            ban -> {
              story.removals.add(ban);
              if (!story.mayBeLifted.contains(ban.key())) {
                story.bans.put(ban.key(), ban);
              }
            });
  }

  private void unban(Random random) {
    inRoom(
        random,
        "unbans",
        (room, id) -> {
          // The outcome may be uncertain: the ban does not count any more in either case.
          story.bans.remove(room.name() + "/" + id);
          return liftedOrNot(room.unban(id), room, id);
        });
  }

  private void mute(Random random) {
    inRoom(random, "mutes", (room, id) -> room.mute(id, LONG, "hush"))
        .filter(mute -> !story.mayBeLifted.contains(mute.key()))
        .ifPresent(mute -> story.mutes.put(mute.key(), mute));
  }

  private void unmute(Random random) {
    inRoom(
        random,
        "unmutes",
        (room, id) -> {
          story.mutes.remove(room.name() + "/" + id);
          return liftedOrNot(room.unmute(id), room, id);
        });
  }

  /** A request whose answer did not come in time may still arrive, after later calls. */
  private Outcome liftedOrNot(Outcome outcome, Room room, String id) {
    outcome.ifRejected(
        rejection -> {
          if (rejection.code().equals(Rejection.UNAVAILABLE)) {
            story.mayBeLifted.add(room.name() + "/" + id);
          }
        });
    return outcome;
  }

  private void setTopic(Random random) {
    inRoom(random, "sets a topic for", (room, id) -> room.setTopic("topic of " + id + story.step));
  }

  private void setRole(Random random) {
    Role role = random.nextBoolean() ? Role.MODERATOR : Role.MEMBER;
    inRoom(random, "sets the role of", (room, id) -> room.setRole(id, role));
  }

  private void deleteMessage(Random random) {
    withStoredMessage(
        random,
        (room, message) -> {
          story.note("a node deletes " + message.text() + " in " + room.name());
          boolean done = room.deleteMessage(message.position().orElseThrow()).isDone();
          story.deleted.merge(message.text(), done, Boolean::logicalOr);
        });
  }

  /** No client receives the reaction, but the nodes agree about it. */
  private void reactToMessage(Random random) {
    String id = ClusterStory.id(random);
    withStoredMessage(
        random,
        (room, message) -> {
          story.note(id + " reacts to " + message.text() + " in " + room.name());
          room.publish(
              room.messageFrom(Sender.of(id, id), Payload.text(""))
                  .withAmendment(Amendment.react(message.position().orElseThrow(), "+1")),
              BroadcastPolicy.onlyIds(Set.of()));
        });
  }

  private void withStoredMessage(Random random, BiConsumer<Room, Message> action) {
    String name = random.nextBoolean() ? ClusterStory.KEPT : ClusterStory.OTHERS;
    story
        .usableNode(random)
        .flatMap(node -> story.room(node, name))
        .ifPresent(
            room -> {
              List<Message> stored = room.history(HistoryRange.last(9).folded()).orElse(List.of());
              if (!stored.isEmpty()) {
                action.accept(room, stored.get(random.nextInt(stored.size())));
              }
            });
  }

  private void closeRoom(Random random) {
    Integer node = story.usableNode(random).orElse(null);
    Room room = node == null ? null : story.room(node, ClusterStory.BRIEF).orElse(null);
    if (room == null) {
      return;
    }
    story.note("node " + node + " closes " + room.name());
    Set<StoryClient> joined = joinedClients();
    room.close("closed");
    if (story.faults == ClusterStory.Faults.NONE) { // otherwise the outcome is not known
      ClusterStory.IDS.forEach(
          id -> story.removals.add(new Sanction(story.step, room.name(), id, joined)));
    }
  }

  private void revoke(Random random) {
    String id = ClusterStory.id(random);
    story
        .usableNode(random)
        .ifPresent(
            node -> {
              story.note("node " + node + " revokes " + id);
              Set<StoryClient> joined = joinedClients();
              if (story.cluster.node(node).chat().revoke(id).isDone()) {
                ClusterStory.ROOMS.forEach(
                    room -> story.removals.add(new Sanction(story.step, room, id, joined)));
              }
            });
  }

  private void update(Random random) {
    String id = ClusterStory.id(random);
    participant(random, id)
        .ifPresent(
            participant -> {
              story.note(id + " is updated");
              participant.update("step", "" + story.step);
            });
  }

  /** The clients that are in their rooms. */
  private Set<StoryClient> joinedClients() {
    Set<StoryClient> joined = new HashSet<>();
    for (StoryClient client : story.clients) {
      client.read();
      if (client.start() != null) {
        joined.add(client);
      }
    }
    return joined;
  }

  /** What an application calls on a room. */
  private interface RoomCall {
    Outcome on(Room room, String id);
  }

  /** Calls a room on some node. {@return what happened, if the call says that it has} */
  private Optional<Sanction> inRoom(Random random, String verb, RoomCall call) {
    String id = ClusterStory.id(random);
    String name = ClusterStory.roomName(random);
    Integer node = story.usableNode(random).orElse(null);
    Room room = node == null ? null : story.room(node, name).orElse(null);
    if (room == null) {
      return Optional.empty();
    }
    story.note("node " + node + " " + verb + " " + id + " in " + name);
    Set<StoryClient> joined = joinedClients();
    return call.on(room, id).isDone()
        ? Optional.of(new Sanction(story.step, name, id, joined))
        : Optional.empty();
  }

  private void rename(Random random) {
    String id = ClusterStory.id(random);
    participant(random, id)
        .ifPresent(
            participant -> {
              String name = "name" + random.nextInt(3);
              story.note(id + " is renamed to " + name);
              participant.rename(name);
            });
  }

  private void sendDirect(Random random) {
    String id = ClusterStory.id(random);
    participant(random, id)
        .ifPresent(
            participant -> {
              String text = StoryClient.DIRECT + id + " " + story.step;
              story.note("the application sends \"" + text + "\"");
              List<StoryClient> open =
                  story.clients.stream()
                      .filter(client -> client.id.equals(id) && client.isOpen())
                      .peek(StoryClient::read)
                      .filter(client -> client.start() != null) // it is in its room
                      .toList();
              boolean done = participant.send(text).isDone();
              story.directs.add(new Direct(text, id, done, open));
            });
  }

  private Optional<Participant> participant(Random random, String id) {
    return story
        .usableNode(random)
        .flatMap(node -> story.cluster.node(node).chat().participant(id));
  }

  private void deliverSome(Random random) {
    int count = 1 + random.nextInt(20);
    story.note("up to " + count + " steps are delivered");
    while (count-- > 0 && story.cluster.deliverNext()) {}
  }

  private void deliverAll(Random random) {
    story.note("everything is delivered");
    story.cluster.deliver();
  }

  private void advance(Random random) {
    Duration time = Duration.ofMillis(100L << random.nextInt(8));
    story.note("time passes: " + time);
    story.cluster.advance(time);
  }
}
