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
  private static final int KEPT = 5;
  private static final Duration AGE = Duration.ofMinutes(10);

  private static final List<String> ROOMS = List.of("all", "hall", "others");

  /** Is over within the second minute. */
  private static final Duration GRACE = Duration.ofSeconds(90);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void whateverHappensEverybodyHearsWhatTheModelSays(int seed) {
    List<Long> story = new Random(seed).longs(STEPS).boxed().toList();
    Stories.tell(story, ModelTest::tell);
  }

  private static void tell(List<Long> story, List<String> notes) {
    try (World world = new World(notes)) {
      for (long step : story) {
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
  private record Scene(Random random, String id, String room, Hall hall, Room real) {}

  /** The model, and the chat beside it. */
  private static final class World implements AutoCloseable {
    private final Map<String, Hall> halls = new LinkedHashMap<>();
    private final List<Hall.Client> clients = new ArrayList<>();
    private final List<String> notes;
    private final TestChat chat;
    private long minute;
    private String secret = "";

    /**
     * What can happen; what is here three times happens three times as often. A step for which
     * there is nobody does nothing and notes nothing.
     */
    private final List<Consumer<Scene>> kinds =
        List.of(
            this::enter,
            this::enter,
            this::enter,
            this::say,
            this::say,
            this::say,
            this::leave,
            this::leave,
            this::comeBack,
            this::comeBack,
            this::tell,
            this::announce,
            this::kickOrBan,
            this::mute,
            this::close,
            this::liftAndRemove,
            this::timePasses);

    World(List<String> notes) {
      this.notes = notes;
      RoomOptions open =
          RoomOptions.defaults()
              .withPermanent()
              .withHistory(History.of(KEPT).withAge(AGE))
              .withNotices(new ComingsAndGoings())
              .withWelcome(this::greeting);
      chat =
          TestChat.of(
              Chat.builder(HANDLER)
                  .limits(Limits.defaults().withMessagesPerSecond(0).withResumeWindow(GRACE))
                  .room("all", open)
                  .room("hall", open)
                  .room("others", open.withPolicy(BroadcastPolicy.excludingSender())));
      for (String room : ROOMS) {
        halls.put(room, new Hall(KEPT, AGE.toMinutes()));
      }
    }

    @Override
    public void close() {
      chat.close();
    }

    private Payload greeting(JoinInfo arrival) {
      secret = arrival.resumeSecret().orElseThrow();
      return Payload.text(
          arrival.participants().stream().map(Participant::id).collect(Collectors.joining(","))
              + " "
              + arrival.recovered()
              + " "
              + arrival.position().offset()
              + (arrival.resumed() ? " again" : ""));
    }

    void step(Random random) {
      String id = "p" + random.nextInt(4);
      String room = ROOMS.get(random.nextInt(ROOMS.size()));
      Room real = chat.chat().room(room).orElseThrow();
      kinds
          .get(random.nextInt(kinds.size()))
          .accept(new Scene(random, id, room, halls.get(room), real));
    }

    private void announce(Scene scene) {
      String text = "announced " + notes.size();
      notes.add("announce in " + scene.room);
      scene.real.announce(text);
      scene.hall.keep("", text, minute);
      scene.hall.all(text);
    }

    private void kickOrBan(Scene scene) {
      Hall hall = scene.hall;
      String id = scene.id;
      boolean ban = scene.random.nextBoolean();
      notes.add((ban ? "ban " : "kick ") + id + " from " + scene.room);
      boolean done =
          (ban ? scene.real.ban(id, Duration.ofMinutes(3), "no") : scene.real.kick(id, "no"))
              .isDone();
      assertEquals(ban || hall.members.containsKey(id), done);
      if (ban) {
        hall.bannedUntil.put(id, minute + 3);
      }
      List.copyOf(hall.members.getOrDefault(id, List.of())).forEach(hall::loses);
    }

    /** Who was there is out, and nothing is kept; bans and mutes hold for the next one. */
    private void close(Scene scene) {
      notes.add("close " + scene.room + " and open it again");
      scene.real.close("over");
      clients.stream()
          .filter(client -> client.room.equals(scene.room))
          .forEach(
              client -> {
                client.open = false;
                client.away = false;
              });
      scene.hall.reopen();
      chat.chat().open(scene.room, scene.real.options());
    }

    private void mute(Scene scene) {
      notes.add("mute " + scene.id + " in " + scene.room);
      scene.real.mute(scene.id, Duration.ofMinutes(3), "hush");
      scene.hall.mutedUntil.put(scene.id, minute + 3);
    }

    private void timePasses(Scene scene) {
      notes.add("a minute passes");
      chat.advance(Duration.ofMinutes(1));
      minute++;
      clients.stream()
          .filter(client -> client.away && minute - client.lostAt >= 2)
          .forEach(client -> halls.get(client.room).loses(client));
    }

    private void tell(Scene scene) {
      String text = "letter " + notes.size();
      List<Hall.Client> theirs = theirs(scene.id).toList();
      notes.add("%s is told \"%s\"".formatted(scene.id, text));
      assertEquals(
          !theirs.isEmpty(),
          chat.chat().participant(scene.id).filter(who -> who.send(text).isDone()).isPresent());
      theirs.forEach(client -> client.isTold(text));
    }

    private Stream<Hall.Client> theirs(String id) {
      return clients.stream().filter(client -> client.id.equals(id));
    }

    private void liftAndRemove(Scene scene) {
      Hall hall = scene.hall;
      hall.trim(minute);
      long offset = Math.max(0, hall.last - scene.random.nextInt(KEPT));
      notes.add("lift all of " + scene.id + " and remove " + offset + " in " + scene.room);
      assertEquals(
          Hall.isOver(hall.mutedUntil.remove(scene.id), minute),
          !scene.real.unmute(scene.id).isDone());
      assertEquals(
          Hall.isOver(hall.bannedUntil.remove(scene.id), minute),
          !scene.real.unban(scene.id).isDone());
      assertEquals(
          hall.kept.removeIf(said -> said.offset() == offset),
          scene.real.deleteMessage(new Position(scene.real.position().epoch(), offset)).isDone());
    }

    private void enter(Scene scene) {
      if (theirs(scene.id).noneMatch(client -> client.open)) {
        theirs(scene.id)
            .sorted(Comparator.comparingLong(client -> client.lostAs))
            .forEach(client -> halls.get(client.room).loses(client));
      }
      enter(scene, scene.id, scene.room, null);
    }

    private void comeBack(Scene scene) {
      somebody(scene, client -> client.away)
          .ifPresent(lost -> enter(scene, lost.id, lost.room, lost));
    }

    private void enter(Scene scene, String id, String room, Hall.@Nullable Client lost) {
      Hall hall = halls.get(room);
      Room real = chat.chat().room(room).orElseThrow();
      hall.trim(minute);
      long offset = Math.max(0, hall.last + 1 - scene.random.nextInt(KEPT + 3));
      boolean since = scene.random.nextBoolean();
      boolean some = since || scene.random.nextBoolean();
      HistoryRange page =
          since
              ? HistoryRange.since(new Position(real.position().epoch(), offset))
              : some ? HistoryRange.last(3) : HistoryRange.none();
      String what = since ? "all since " + offset : some ? "the last 3" : "nothing";
      notes.add(id + (lost == null ? " enters " : " comes back into ") + room + " to hear " + what);
      AcceptedAdmission entry = AcceptedAdmission.of(id, room).withReplay(page);
      TestClient opened = chat.connect(lost == null ? entry : entry.withResumeSecret(lost.secret));
      Hall.Client client = new Hall.Client(notes.size(), id, room, opened, secret);
      clients.add(client);
      boolean present = hall.members.containsKey(id);
      if (!present && !Hall.isOver(hall.bannedUntil.get(id), minute)) {
        client.open = false;
        return;
      }
      if (!present) {
        hall.all("+" + id);
      }
      hall.members.computeIfAbsent(id, none -> new ArrayList<>()).add(client);
      client.hears.add(
          String.join(",", hall.members.keySet())
              + " "
              + (since && hall.recovers(offset))
              + " "
              + hall.last
              + (lost == null ? "" : " again"));
      List<Hall.Said> missed = since ? hall.since(offset) : hall.latest(some ? 3 : 0);
      missed.stream()
          .filter(said -> client.hears(said.sender()))
          .forEach(said -> client.hears.add(said.text()));
      if (lost != null) {
        client.hears.addAll(lost.letters);
        hall.loses(lost);
      }
    }

    private void say(Scene scene) {
      somebody(scene, client -> client.open).ifPresent(client -> say(scene, client));
    }

    private void say(Scene scene, Hall.Client client) {
      Hall hall = halls.get(client.room);
      boolean signal = scene.random.nextInt(4) == 0;
      String text = (signal ? "..." : "words ") + notes.size();
      notes.add("%s says \"%s\" in %s".formatted(client.id, text, client.room));
      client.real.send(text);
      if (!Hall.isOver(hall.mutedUntil.get(client.id), minute)) {
        client.hears.add("hush");
        return;
      }
      if (!signal) {
        hall.keep(client.id, text, minute);
      }
      hall.others(client.id, text);
    }

    private void leave(Scene scene) {
      somebody(scene, client -> client.open).ifPresent(client -> leave(scene, client));
    }

    private void leave(Scene scene, Hall.Client client) {
      boolean vanishes = scene.random.nextBoolean();
      notes.add(
          "a connection of "
              + client.id
              + (vanishes ? " vanishes from " : " leaves ")
              + client.room);
      if (vanishes) {
        client.real.abort();
        client.open = false;
        client.away = true;
        client.lostAt = minute;
        client.lostAs = notes.size();
      } else {
        client.real.close();
        halls.get(client.room).loses(client);
      }
    }

    /** One of the connections, whatever participant and room the step is about. */
    private Optional<Hall.Client> somebody(Scene scene, Predicate<Hall.Client> which) {
      List<Hall.Client> some = clients.stream().filter(which).toList();
      return some.isEmpty()
          ? Optional.empty()
          : Optional.of(some.get(scene.random.nextInt(some.size())));
    }

    void check() {
      for (Hall.Client client : clients) {
        if (client.away) {
          continue;
        }
        assertEquals(client.hears, client.real.received(), client.id + " hears");
        client.hears.clear();
        assertEquals(client.open, client.real.isOpen(), client.id + " is open");
      }
      clients.removeIf(client -> !client.open && !client.away);
      halls.forEach(this::check);
      assertEquals(
          clients.stream().filter(client -> client.open).count(), chat.chat().connections());
      assertTrue(chat.chat().participants() <= 4);
    }

    private void check(String name, Hall hall) {
      Room real = chat.chat().room(name).orElseThrow();
      hall.trim(minute);
      assertEquals(
          List.copyOf(hall.members.keySet()),
          real.participants().stream().map(Participant::id).toList(),
          "who is in " + name);
      assertEquals(hall.last, real.position().offset(), "the position of " + name);
      assertEquals(
          hall.kept.stream().map(Hall.Said::text).toList(),
          real.history(HistoryRange.last(KEPT)).orElseThrow().stream().map(Message::text).toList(),
          "the history of " + name);
    }
  }
}
