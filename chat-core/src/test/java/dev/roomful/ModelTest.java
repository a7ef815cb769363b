package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random schedules beside a simple model: after each step everybody has heard exactly what the
 * model says, and the rooms are as it says. A failure tells the seed and all steps.
 */
class ModelTest {
  private static final int STEPS = 400;
  private static final int KEPT = 5;
  private static final Duration AGE = Duration.ofMinutes(10);

  /** What a message is in the model. */
  private record Said(long offset, String sender, String text, long minute) {}

  /** One connection, and what it should hear next. */
  private static final class Client {
    final String id;
    final String room;
    final TestClient real;
    final List<String> hears = new ArrayList<>();
    boolean open = true;

    Client(String id, String room, TestClient real) {
      this.id = id;
      this.room = room;
      this.real = real;
    }
  }

  /** One room. */
  private static final class Hall {
    final List<Said> kept = new ArrayList<>();
    final Map<String, Long> bannedUntil = new HashMap<>();
    final Map<String, Long> mutedUntil = new HashMap<>();
    final Map<String, List<Client>> members = new LinkedHashMap<>();
    long last;
    long gone;

    void all(String text) {
      members.values().forEach(clients -> clients.forEach(client -> client.hears.add(text)));
    }
  }

  private static final Notices NOTICES =
      new Notices() {
        @Override
        public Payload joined(Participant who) {
          return Payload.text("+" + who.id());
        }

        @Override
        public Payload left(Participant who) {
          return Payload.text("-" + who.id());
        }
      };

  private final RoomHandler handler =
      new RoomHandler() {
        @Override
        public void onMessage(Room room, Message message) {
          if (message.text().startsWith("...")) {
            room.signal(message);
          } else {
            room.broadcast(message);
          }
        }
      };

  private final Map<String, Hall> halls = new LinkedHashMap<>();
  private final List<Client> clients = new ArrayList<>();
  private final List<String> story = new ArrayList<>();
  private Random random = new Random();
  private long minute;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void whateverHappensEverybodyHearsWhatTheModelSays(int seed) {
    random = new Random(seed);
    RoomOptions open =
        RoomOptions.defaults()
            .permanent()
            .history(History.of(KEPT).age(AGE))
            .notices(NOTICES)
            .greeting(ModelTest::greeting);
    Chat.Builder builder =
        Chat.builder(handler)
            .limits(Limits.defaults().rate(0, 0))
            .room("all", open)
            .room("others", open.policy(BroadcastPolicy.excludingSender()));
    halls.put("all", new Hall());
    halls.put("others", new Hall());
    try (TestChat chat = TestChat.of(builder)) {
      for (int i = 0; i < STEPS; i++) {
        step(chat);
        check(chat, seed);
      }
    }
  }

  private static Payload greeting(Arrival arrival) {
    return Payload.text(
        arrival.participants().stream().map(Participant::id).collect(Collectors.joining(","))
            + " "
            + arrival.recovered()
            + " "
            + arrival.position().offset());
  }

  private void step(TestChat chat) {
    String id = "p" + random.nextInt(4);
    String room = random.nextBoolean() ? "all" : "others";
    Hall hall = halls.get(room);
    Room real = chat.chat().room(room).orElseThrow();
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> enter(chat, id, room, hall, real);
      case 3, 4, 5 -> say();
      case 6 -> leave();
      case 7 -> {
        note("announce in " + room);
        real.announce("announced");
        keep(hall, "", "announced");
        hall.all("announced");
      }
      case 8 -> {
        boolean ban = random.nextBoolean();
        note((ban ? "ban " : "kick ") + id + " from " + room);
        assertEquals(
            hall.members.containsKey(id),
            ban ? real.ban(id, Duration.ofMinutes(3), "no") : real.kick(id, "no"));
        if (ban) {
          hall.bannedUntil.put(id, minute + 3);
        }
        List.copyOf(hall.members.getOrDefault(id, List.of()))
            .forEach(client -> client.open = false);
        goes(hall, id);
      }
      case 9 -> {
        note("mute " + id + " in " + room);
        real.mute(id, Duration.ofMinutes(3), "hush");
        hall.mutedUntil.put(id, minute + 3);
      }
      case 10 -> {
        note("a minute passes");
        chat.advance(Duration.ofMinutes(1));
        minute++;
      }
      default -> {
        note("lift and remove in " + room);
        assertEquals(hall.mutedUntil.getOrDefault(id, 0L) > minute, real.unmute(id));
        hall.mutedUntil.remove(id);
        assertEquals(hall.bannedUntil.getOrDefault(id, 0L) > minute, real.unban(id));
        hall.bannedUntil.remove(id);
        trim(hall);
        Position position =
            new Position(real.position().epoch(), Math.max(0, hall.last - random.nextInt(KEPT)));
        boolean there = hall.kept.removeIf(said -> said.offset() == position.offset());
        assertEquals(there, real.remove(position).isPresent());
      }
    }
  }

  private void enter(TestChat chat, String id, String room, Hall hall, Room real) {
    trim(hall);
    long offset = Math.max(0, hall.last + 1 - random.nextInt(KEPT + 3));
    boolean since = random.nextBoolean();
    Page page =
        since
            ? Page.since(new Position(real.position().epoch(), offset))
            : random.nextBoolean() ? Page.last(3) : Page.nothing();
    note(id + " enters " + room + " for " + page);
    Client client = new Client(id, room, chat.enter(Entry.of(id, room).replay(page)));
    clients.add(client);
    boolean present = hall.members.containsKey(id);
    if (!present && hall.bannedUntil.getOrDefault(id, 0L) > minute) {
      client.open = false;
      return;
    }
    if (!present) {
      hall.all("+" + id);
    }
    hall.members.computeIfAbsent(id, none -> new ArrayList<>()).add(client);
    boolean recovered = since && offset <= hall.last && offset >= hall.gone;
    client.hears.add(String.join(",", hall.members.keySet()) + " " + recovered + " " + hall.last);
    List<Said> missed =
        since
            ? hall.kept.stream().filter(said -> recovered && said.offset() > offset).toList()
            : page == Page.nothing()
                ? List.of()
                : hall.kept.subList(Math.max(0, hall.kept.size() - 3), hall.kept.size());
    for (Said said : missed) {
      if (room.equals("all") || !said.sender().equals(id)) {
        client.hears.add(said.text());
      }
    }
  }

  private Optional<Client> somebody() {
    List<Client> open = clients.stream().filter(client -> client.open).toList();
    return open.isEmpty() ? Optional.empty() : Optional.of(open.get(random.nextInt(open.size())));
  }

  private void say() {
    somebody()
        .ifPresent(
            client -> {
              Hall hall = halls.get(client.room);
              boolean signal = random.nextInt(4) == 0;
              String text = (signal ? "..." : "said ") + client.id + " " + story.size();
              note(client.id + " says " + text + " in " + client.room);
              client.real.say(text);
              if (hall.mutedUntil.getOrDefault(client.id, 0L) > minute) {
                client.hears.add("hush");
                return;
              }
              if (!signal) {
                keep(hall, client.id, text);
              }
              hall.members.forEach(
                  (id, all) -> {
                    if (client.room.equals("all") || !id.equals(client.id)) {
                      all.forEach(one -> one.hears.add(text));
                    }
                  });
            });
  }

  private void leave() {
    somebody()
        .ifPresent(
            client -> {
              note("a connection of " + client.id + " leaves " + client.room);
              if (random.nextBoolean()) {
                client.real.vanish();
              } else {
                client.real.hangUp();
              }
              client.open = false;
              Hall hall = halls.get(client.room);
              List<Client> theirs = hall.members.get(client.id);
              theirs.remove(client);
              if (theirs.isEmpty()) {
                goes(hall, client.id);
              }
            });
  }

  private static void goes(Hall hall, String id) {
    if (hall.members.remove(id) != null) {
      hall.all("-" + id);
    }
  }

  private void keep(Hall hall, String sender, String text) {
    hall.last++;
    hall.kept.add(new Said(hall.last, sender, text, minute));
    trim(hall);
  }

  private void trim(Hall hall) {
    while (!hall.kept.isEmpty()
        && (hall.kept.size() > KEPT || minute - hall.kept.get(0).minute() > AGE.toMinutes())) {
      hall.gone = hall.kept.remove(0).offset();
    }
  }

  private void note(String step) {
    story.add(step);
  }

  private void check(TestChat chat, int seed) {
    String where = "seed " + seed + ": " + String.join("; ", story);
    for (Client client : clients) {
      assertEquals(client.hears, client.real.heard(), () -> client.id + " hears; " + where);
      client.hears.clear();
      assertEquals(client.open, client.real.closeStatus().isEmpty(), where);
    }
    clients.removeIf(client -> !client.open);
    halls.forEach(
        (name, hall) -> {
          Room real = chat.chat().room(name).orElseThrow();
          trim(hall);
          assertEquals(
              List.copyOf(hall.members.keySet()),
              real.participants().stream().map(Participant::id).toList(),
              where);
          assertEquals(hall.last, real.position().offset(), where);
          assertEquals(
              hall.kept.stream().map(Said::text).toList(),
              real.history(Page.last(KEPT)).orElseThrow().stream().map(Message::text).toList(),
              where);
        });
    assertEquals(clients.size(), chat.chat().connections(), where);
    assertTrue(chat.chat().participants() <= 4, where);
  }
}
