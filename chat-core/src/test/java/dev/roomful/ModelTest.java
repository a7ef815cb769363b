package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs random steps on a chat and on a simple model, and compares them after each step: the
 * messages of each client and the state of each room. A step is a random seed, so that a failing
 * scenario can be shrunk; the failure shows the remaining steps.
 */
class ModelTest {
  /** {@code -Droomful.seeds=N} runs so many scenarios. */
  private static final int SEEDS = Integer.getInteger("roomful.seeds", 20);

  private static final int STEPS = 400;
  private static final int HISTORY_SIZE = 5;
  private static final Duration HISTORY_AGE = Duration.ofMinutes(10);

  private static final List<String> ROOMS = List.of("all", "hall", "others");

  /** Ends within the second minute. */
  private static final Duration RESUME_WINDOW = Duration.ofSeconds(90);

  static IntStream seeds() {
    return IntStream.rangeClosed(1, SEEDS);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyClientReceivesWhatTheModelPredicts(int seed) {
    List<Long> steps = new Random(seed).longs(STEPS).boxed().toList();
    ScenarioShrinker.check(steps, ModelTest::runSteps);
  }

  private static void runSteps(List<Long> steps, List<String> notes) {
    try (ModelledChat world = new ModelledChat(notes)) {
      for (long step : steps) {
        world.step(new Random(step));
        world.check();
      }
    }
  }

  private static final RoomHandler HANDLER =
      new RoomHandler() {
        @Override
        public void onMessage(Room room, Message message) {
          if (message.text().startsWith("...")) {
            room.signal(message);
          } else {
            room.publish(message);
          }
        }
      };

  /** The participant and the room of one step, and the source of its other choices. */
  private record StepContext(
      Random random, String id, String roomName, RoomModel model, Room room) {}

  /** A chat and its model. */
  private static final class ModelledChat implements AutoCloseable {
    private final Map<String, RoomModel> roomModels = new LinkedHashMap<>();
    private final List<RoomModel.ClientModel> clients = new ArrayList<>();
    private final List<String> notes;
    private final TestChat chat;
    private long minute;
    private String secret = "";

    /**
     * The kinds of steps; a kind that is listed three times is three times as likely. A step that
     * finds no client does nothing and adds no note.
     */
    private final List<Consumer<StepContext>> stepKinds =
        List.of(
            this::join,
            this::join,
            this::join,
            this::publish,
            this::publish,
            this::publish,
            this::leave,
            this::leave,
            this::resume,
            this::resume,
            this::sendDirect,
            this::announce,
            this::kickOrBan,
            this::mute,
            this::closeRoom,
            this::liftSanctionsAndDelete,
            this::edit,
            this::edit,
            this::advanceMinute);

    ModelledChat(List<String> notes) {
      this.notes = notes;
      RoomOptions open =
          RoomOptions.defaults()
              .withPermanent()
              .withHistory(History.of(HISTORY_SIZE).withAge(HISTORY_AGE))
              .withNotices(new JoinLeaveNotices())
              .withWelcome(this::welcome);
      chat =
          TestChat.of(
              Chat.builder(HANDLER)
                  .limits(
                      Limits.defaults().withMessagesPerSecond(0).withResumeWindow(RESUME_WINDOW))
                  .room("all", open)
                  .room("hall", open)
                  .room("others", open.withPolicy(BroadcastPolicy.excludingSender())));
      for (String room : ROOMS) {
        roomModels.put(room, new RoomModel(HISTORY_SIZE, HISTORY_AGE.toMinutes()));
      }
    }

    @Override
    public void close() {
      chat.close();
    }

    private Payload welcome(JoinInfo joinInfo) {
      secret = joinInfo.resumeSecret().orElseThrow();
      return Payload.text(
          joinInfo.participants().stream().map(Participant::id).collect(Collectors.joining(","))
              + " "
              + joinInfo.recovered()
              + " "
              + joinInfo.position().offset()
              + (joinInfo.resumed() ? " again" : ""));
    }

    void step(Random random) {
      String id = "p" + random.nextInt(4);
      String room = ROOMS.get(random.nextInt(ROOMS.size()));
      Room real = chat.chat().room(room).orElseThrow();
      stepKinds
          .get(random.nextInt(stepKinds.size()))
          .accept(new StepContext(random, id, room, roomModels.get(room), real));
    }

    private void announce(StepContext step) {
      String text = "announced " + notes.size();
      notes.add("announce in " + step.roomName);
      step.room.announce(text);
      step.model.store("", text, minute);
      step.model.expectForAll(text);
    }

    private void kickOrBan(StepContext step) {
      RoomModel model = step.model;
      String id = step.id;
      boolean ban = step.random.nextBoolean();
      notes.add((ban ? "ban " : "kick ") + id + " from " + step.roomName);
      boolean done =
          (ban ? step.room.ban(id, Duration.ofMinutes(3), "no") : step.room.kick(id, "no"))
              .isDone();
      assertEquals(ban || model.members.containsKey(id), done);
      if (ban) {
        model.bannedUntil.put(id, minute + 3);
      }
      List.copyOf(model.members.getOrDefault(id, List.of())).forEach(model::removeClient);
    }

    /** Closes a room and opens a new one; bans and mutes also apply to the new one. */
    private void closeRoom(StepContext step) {
      notes.add("close " + step.roomName + " and open it again");
      step.room.close("over");
      clients.stream()
          .filter(client -> client.room.equals(step.roomName))
          .forEach(
              client -> {
                client.open = false;
                client.suspended = false;
              });
      step.model.reopen();
      chat.chat().open(step.roomName, step.room.options());
    }

    private void mute(StepContext step) {
      notes.add("mute " + step.id + " in " + step.roomName);
      step.room.mute(step.id, Duration.ofMinutes(3), "hush");
      step.model.mutedUntil.put(step.id, minute + 3);
    }

    private void advanceMinute(StepContext step) {
      notes.add("a minute passes");
      chat.advance(Duration.ofMinutes(1));
      minute++;
      clients.stream()
          .filter(client -> client.suspended && minute - client.lostAtMinute >= 2)
          .forEach(client -> roomModels.get(client.room).removeClient(client));
    }

    private void sendDirect(StepContext step) {
      String text = "direct " + notes.size();
      List<RoomModel.ClientModel> targets = clientsOf(step.id).toList();
      notes.add("send %s \"%s\"".formatted(step.id, text));
      assertEquals(
          !targets.isEmpty(),
          chat.chat()
              .participant(step.id)
              .filter(participant -> participant.send(text).isDone())
              .isPresent());
      targets.forEach(client -> client.expectDirect(text));
    }

    private Stream<RoomModel.ClientModel> clientsOf(String id) {
      return clients.stream().filter(client -> client.id.equals(id));
    }

    private void liftSanctionsAndDelete(StepContext step) {
      RoomModel model = step.model;
      model.trim(minute);
      long offset = Math.max(0, model.lastOffset - step.random.nextInt(HISTORY_SIZE));
      notes.add("lift sanctions of " + step.id + " and delete " + offset + " in " + step.roomName);
      assertEquals(
          RoomModel.hasExpired(model.mutedUntil.remove(step.id), minute),
          !step.room.unmute(step.id).isDone());
      assertEquals(
          RoomModel.hasExpired(model.bannedUntil.remove(step.id), minute),
          !step.room.unban(step.id).isDone());
      boolean deletes = model.removeWithAmendments(offset);
      assertEquals(deletes, step.room.deleteMessage(positionIn(step.room, offset)).isDone());
      if (deletes) {
        amended(model, offset, "deleted " + offset);
      }
    }

    /** The application edits a message. */
    private void edit(StepContext step) {
      RoomModel model = step.model;
      model.trim(minute);
      long offset = Math.max(0, model.lastOffset - step.random.nextInt(HISTORY_SIZE));
      String text = "edited " + notes.size();
      notes.add("edit " + offset + " in " + step.roomName);
      boolean edits = model.replace(offset, text);
      assertEquals(
          edits,
          !step.room
              .amend(Amendment.edit(positionIn(step.room, offset)), Payload.text(text))
              .toCompletableFuture()
              .isCompletedExceptionally());
      if (edits) {
        amended(model, offset, text);
      }
    }

    private void amended(RoomModel model, long target, String text) {
      model.storeAmendment(target, text, minute);
      model.expectForAll(text);
    }

    private static Position positionIn(Room room, long offset) {
      return new Position(room.position().epoch(), offset);
    }

    private void join(StepContext step) {
      if (clientsOf(step.id).noneMatch(client -> client.open)) {
        clientsOf(step.id)
            .sorted(Comparator.comparingLong(client -> client.lostAtStep))
            .forEach(client -> roomModels.get(client.room).removeClient(client));
      }
      join(step, step.id, step.roomName, null);
    }

    private void resume(StepContext step) {
      anyClient(step, client -> client.suspended)
          .ifPresent(lostClient -> join(step, lostClient.id, lostClient.room, lostClient));
    }

    private void join(
        StepContext step, String id, String room, RoomModel.@Nullable ClientModel lostClient) {
      RoomModel model = roomModels.get(room);
      Room chatRoom = chat.chat().room(room).orElseThrow();
      model.trim(minute);
      long offset = Math.max(0, model.lastOffset + 1 - step.random.nextInt(HISTORY_SIZE + 3));
      boolean since = step.random.nextBoolean();
      boolean replays = since || step.random.nextBoolean();
      HistoryRange range =
          since
              ? HistoryRange.since(new Position(chatRoom.position().epoch(), offset))
              : replays ? HistoryRange.last(3) : HistoryRange.none();
      String replayText = since ? "all since " + offset : replays ? "the last 3" : "nothing";
      notes.add(
          id
              + (lostClient == null ? " joins " : " resumes in ")
              + room
              + " with replay of "
              + replayText);
      AcceptedAdmission admission = AcceptedAdmission.of(id, room).withReplay(range);
      TestClient opened =
          chat.connect(
              lostClient == null ? admission : admission.withResumeSecret(lostClient.secret));
      RoomModel.ClientModel client =
          new RoomModel.ClientModel(notes.size(), id, room, opened, secret);
      clients.add(client);
      boolean present = model.members.containsKey(id);
      if (!present && !RoomModel.hasExpired(model.bannedUntil.get(id), minute)) {
        client.open = false;
        return;
      }
      if (!present) {
        model.expectForAll("+" + id);
      }
      model.members.computeIfAbsent(id, none -> new ArrayList<>()).add(client);
      client.expected.add(
          String.join(",", model.members.keySet())
              + " "
              + (since && model.canRecoverFrom(offset))
              + " "
              + model.lastOffset
              + (lostClient == null ? "" : " again"));
      List<RoomModel.StoredMessage> replayed =
          since ? model.storedSince(offset) : model.latest(replays ? 3 : 0);
      replayed.stream()
          .filter(message -> client.receivesFrom(message.sender()))
          .forEach(message -> client.expected.add(message.text()));
      if (lostClient != null) {
        client.expected.addAll(lostClient.pendingDirect);
        model.removeClient(lostClient);
      }
    }

    private void publish(StepContext step) {
      anyClient(step, client -> client.open).ifPresent(client -> publish(step, client));
    }

    private void publish(StepContext step, RoomModel.ClientModel client) {
      RoomModel model = roomModels.get(client.room);
      boolean signal = step.random.nextInt(4) == 0;
      String text = (signal ? "..." : "message ") + notes.size();
      notes.add("%s publishes \"%s\" in %s".formatted(client.id, text, client.room));
      client.real.send(text);
      if (!RoomModel.hasExpired(model.mutedUntil.get(client.id), minute)) {
        client.expected.add("hush");
        return;
      }
      if (!signal) {
        model.store(client.id, text, minute);
      }
      model.expectForRecipients(client.id, text);
    }

    private void leave(StepContext step) {
      anyClient(step, client -> client.open).ifPresent(client -> leave(step, client));
    }

    private void leave(StepContext step, RoomModel.ClientModel client) {
      boolean aborts = step.random.nextBoolean();
      notes.add(
          "a connection of " + client.id + (aborts ? " is lost in " : " leaves ") + client.room);
      if (aborts) {
        client.real.abort();
        client.open = false;
        client.suspended = true;
        client.lostAtMinute = minute;
        client.lostAtStep = notes.size();
      } else {
        client.real.close();
        roomModels.get(client.room).removeClient(client);
      }
    }

    /** A random client that the predicate selects, of any participant and room. */
    private Optional<RoomModel.ClientModel> anyClient(
        StepContext step, Predicate<RoomModel.ClientModel> which) {
      List<RoomModel.ClientModel> candidates = clients.stream().filter(which).toList();
      return candidates.isEmpty()
          ? Optional.empty()
          : Optional.of(candidates.get(step.random.nextInt(candidates.size())));
    }

    void check() {
      for (RoomModel.ClientModel client : clients) {
        if (client.suspended) {
          continue;
        }
        assertEquals(client.expected, client.real.received(), client.id + " receives");
        client.expected.clear();
        assertEquals(client.open, client.real.isOpen(), client.id + " is open");
      }
      clients.removeIf(client -> !client.open && !client.suspended);
      roomModels.forEach(this::check);
      assertEquals(
          clients.stream().filter(client -> client.open).count(), chat.chat().connections());
      assertTrue(chat.chat().participants() <= 4);
    }

    private void check(String name, RoomModel model) {
      Room real = chat.chat().room(name).orElseThrow();
      model.trim(minute);
      assertEquals(
          List.copyOf(model.members.keySet()),
          real.participants().stream().map(Participant::id).toList(),
          "who is in " + name);
      assertEquals(model.lastOffset, real.position().offset(), "the position of " + name);
      assertEquals(
          model.stored.stream().map(RoomModel.StoredMessage::text).toList(),
          real.history(HistoryRange.last(HISTORY_SIZE)).orElseThrow().stream()
              .map(Message::text)
              .toList(),
          "the history of " + name);
    }
  }
}
