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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random stories beside a simple model: after each step everybody has heard exactly what the model
 * says, and the rooms are as it says. A step is a number, from which all about it is drawn, so that
 * a story that fails can be shortened; the failure tells the steps of the short one.
 */
class ModelTest {
  private static final int STEPS = 400;
  private static final int HISTORY_SIZE = 5;
  private static final Duration HISTORY_AGE = Duration.ofMinutes(10);

  private static final List<String> ROOMS = List.of("all", "hall", "others");

  /** Is over within the second minute. */
  private static final Duration RESUME_WINDOW = Duration.ofSeconds(90);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
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

  /** What one step is about; what else it needs to know it draws. */
  private record StepContext(
      Random random, String id, String roomName, RoomModel model, Room room) {}

  /** The model, and the chat beside it. */
  private static final class ModelledChat implements AutoCloseable {
    private final Map<String, RoomModel> roomModels = new LinkedHashMap<>();
    private final List<RoomModel.ClientModel> clients = new ArrayList<>();
    private final List<String> notes;
    private final TestChat chat;
    private long minute;
    private String secret = "";

    /**
     * What can happen; what is here three times happens three times as often. A step for which
     * there is nobody does nothing and notes nothing.
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
                  .limits(Limits.defaults().withMessageRate(0, 0).withResumeWindow(RESUME_WINDOW))
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

    private void announce(StepContext scene) {
      String text = "announced " + notes.size();
      notes.add("announce in " + scene.roomName);
      scene.room.announce(text);
      scene.model.store("", text, minute);
      scene.model.expectForAll(text);
    }

    private void kickOrBan(StepContext scene) {
      RoomModel model = scene.model;
      String id = scene.id;
      boolean ban = scene.random.nextBoolean();
      notes.add((ban ? "ban " : "kick ") + id + " from " + scene.roomName);
      boolean done =
          (ban ? scene.room.ban(id, Duration.ofMinutes(3), "no") : scene.room.kick(id, "no"))
              .isDone();
      assertEquals(ban || model.members.containsKey(id), done);
      if (ban) {
        model.bannedUntil.put(id, minute + 3);
      }
      List.copyOf(model.members.getOrDefault(id, List.of())).forEach(model::removeClient);
    }

    /** Who was there is out, and nothing is kept; bans and mutes hold for the next one. */
    private void closeRoom(StepContext scene) {
      notes.add("close " + scene.roomName + " and open it again");
      scene.room.close("over");
      clients.stream()
          .filter(client -> client.room.equals(scene.roomName))
          .forEach(
              client -> {
                client.open = false;
                client.suspended = false;
              });
      scene.model.reopen();
      chat.chat().open(scene.roomName, scene.room.options());
    }

    private void mute(StepContext scene) {
      notes.add("mute " + scene.id + " in " + scene.roomName);
      scene.room.mute(scene.id, Duration.ofMinutes(3), "hush");
      scene.model.mutedUntil.put(scene.id, minute + 3);
    }

    private void advanceMinute(StepContext scene) {
      notes.add("a minute passes");
      chat.advance(Duration.ofMinutes(1));
      minute++;
      clients.stream()
          .filter(client -> client.suspended && minute - client.lostAtMinute >= 2)
          .forEach(client -> roomModels.get(client.room).removeClient(client));
    }

    private void sendDirect(StepContext scene) {
      String text = "letter " + notes.size();
      List<RoomModel.ClientModel> targets = clientsOf(scene.id).toList();
      notes.add("%s is told \"%s\"".formatted(scene.id, text));
      assertEquals(
          !targets.isEmpty(),
          chat.chat()
              .participant(scene.id)
              .filter(participant -> participant.send(text).isDone())
              .isPresent());
      targets.forEach(client -> client.expectDirect(text));
    }

    private Stream<RoomModel.ClientModel> clientsOf(String id) {
      return clients.stream().filter(client -> client.id.equals(id));
    }

    private void liftSanctionsAndDelete(StepContext scene) {
      RoomModel model = scene.model;
      model.trim(minute);
      long offset = Math.max(0, model.lastOffset - scene.random.nextInt(HISTORY_SIZE));
      notes.add("lift all of " + scene.id + " and remove " + offset + " in " + scene.roomName);
      assertEquals(
          RoomModel.hasExpired(model.mutedUntil.remove(scene.id), minute),
          !scene.room.unmute(scene.id).isDone());
      assertEquals(
          RoomModel.hasExpired(model.bannedUntil.remove(scene.id), minute),
          !scene.room.unban(scene.id).isDone());
      assertEquals(
          model.stored.removeIf(message -> message.offset() == offset),
          scene.room.deleteMessage(new Position(scene.room.position().epoch(), offset)).isDone());
    }

    private void join(StepContext scene) {
      if (clientsOf(scene.id).noneMatch(client -> client.open)) {
        clientsOf(scene.id)
            .sorted(Comparator.comparingLong(client -> client.lostAtStep))
            .forEach(client -> roomModels.get(client.room).removeClient(client));
      }
      join(scene, scene.id, scene.roomName, null);
    }

    private void resume(StepContext scene) {
      anyClient(scene, client -> client.suspended)
          .ifPresent(lostClient -> join(scene, lostClient.id, lostClient.room, lostClient));
    }

    private void join(
        StepContext scene, String id, String room, RoomModel.@Nullable ClientModel lostClient) {
      RoomModel model = roomModels.get(room);
      Room chatRoom = chat.chat().room(room).orElseThrow();
      model.trim(minute);
      long offset = Math.max(0, model.lastOffset + 1 - scene.random.nextInt(HISTORY_SIZE + 3));
      boolean since = scene.random.nextBoolean();
      boolean replays = since || scene.random.nextBoolean();
      HistoryRange range =
          since
              ? HistoryRange.since(new Position(chatRoom.position().epoch(), offset))
              : replays ? HistoryRange.last(3) : HistoryRange.none();
      String replayText = since ? "all since " + offset : replays ? "the last 3" : "nothing";
      notes.add(
          id
              + (lostClient == null ? " enters " : " comes back into ")
              + room
              + " to hear "
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

    private void publish(StepContext scene) {
      anyClient(scene, client -> client.open).ifPresent(client -> publish(scene, client));
    }

    private void publish(StepContext scene, RoomModel.ClientModel client) {
      RoomModel model = roomModels.get(client.room);
      boolean signal = scene.random.nextInt(4) == 0;
      String text = (signal ? "..." : "words ") + notes.size();
      notes.add("%s says \"%s\" in %s".formatted(client.id, text, client.room));
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

    private void leave(StepContext scene) {
      anyClient(scene, client -> client.open).ifPresent(client -> leave(scene, client));
    }

    private void leave(StepContext scene, RoomModel.ClientModel client) {
      boolean aborts = scene.random.nextBoolean();
      notes.add(
          "a connection of " + client.id + (aborts ? " vanishes from " : " leaves ") + client.room);
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

    /** One of the connections, whatever participant and room the step is about. */
    private Optional<RoomModel.ClientModel> anyClient(
        StepContext scene, Predicate<RoomModel.ClientModel> which) {
      List<RoomModel.ClientModel> candidates = clients.stream().filter(which).toList();
      return candidates.isEmpty()
          ? Optional.empty()
          : Optional.of(candidates.get(scene.random.nextInt(candidates.size())));
    }

    void check() {
      for (RoomModel.ClientModel client : clients) {
        if (client.suspended) {
          continue;
        }
        assertEquals(client.expected, client.real.received(), client.id + " hears");
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
