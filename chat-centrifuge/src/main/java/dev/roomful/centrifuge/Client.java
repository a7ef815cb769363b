package dev.roomful.centrifuge;

import dev.roomful.CloseStatus;
import dev.roomful.Entry;
import dev.roomful.Participant;
import dev.roomful.Refusal;
import dev.roomful.Room;
import dev.roomful.dialect.Guest;
import dev.roomful.dialect.Interpreter;
import dev.roomful.dialect.Welcome;
import dev.roomful.transport.Frame;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection: its commands one after the other. Until {@code connect} was done they are handled
 * as they come, and from then on in the participant's turns.
 */
final class Client implements Interpreter {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** That of the jar; classes alone have none. */
  private static final String VERSION =
      "Roomful "
          + Optional.ofNullable(Client.class.getPackage().getImplementationVersion()).orElse("dev");

  final Centrifuge door;
  final Form form;
  final Guest guest;
  final Asking asking;
  final Beginnings beginnings = new Beginnings(this);
  private final Entry entry;
  private final Subscriptions subscriptions;
  private final Requests requests;
  private final Duration openedAt;

  // The next are the transport's thread's alone.
  private boolean refused;

  /** The place of the reply to connect, until that is there. */
  private volatile @Nullable Consumer<@Nullable Frame> awaited;

  private volatile @Nullable Identity identity;
  private volatile @Nullable Heartbeat heartbeat;
  private volatile @Nullable Lease lease;

  Client(Centrifuge door, Form form, Guest guest, Entry entry, Asking asking) {
    this.door = door;
    this.form = form;
    this.guest = guest;
    this.entry = entry;
    this.asking = asking;
    this.openedAt = now();
    this.subscriptions = new Subscriptions(this);
    this.requests = new Requests(this);
  }

  Duration now() {
    return door.chat.foyer().clock();
  }

  @Override
  public void text(String text) {
    try {
      take(form.codec.commands(text));
    } catch (Malformed malformed) {
      disconnect(Disconnect.BAD_REQUEST);
    }
  }

  @Override
  public void binary(ByteBuffer bytes) {
    try {
      take(form.codec.commands(bytes));
    } catch (Malformed malformed) {
      disconnect(Disconnect.BAD_REQUEST);
    }
  }

  private void take(List<Command> commands) {
    List<Runnable> tasks = new ArrayList<>();
    for (Command command : commands) {
      Heartbeat beating = heartbeat;
      if (beating != null && command.request() instanceof Request.Pong) {
        if (!beating.answered()) {
          disconnect(Disconnect.BAD_REQUEST);
          return;
        }
      } else if (beating != null) {
        tasks.add(() -> obey(command));
      } else if (!refused && command.request() instanceof Request.Connect connect) {
        connect(command.id(), connect, tasks);
      } else {
        disconnect(Disconnect.BAD_REQUEST);
      }
      if (!guest.isHere()) {
        return;
      }
    }
    if (!tasks.isEmpty()) {
      guest.inTurns(tasks);
    }
  }

  private void connect(long id, Request.Connect request, List<Runnable> tasks) {
    Optional<Identity> who;
    Lease good;
    try {
      who = Identity.of(door, entry, request, guest.id());
      good = Lease.until(who.map(Identity::expiresAt).orElse(0L), door.wall.instant(), now());
    } catch (TokenRefused refusal) {
      if (refusal.isExpired()) {
        refuse(id, ClientError.TOKEN_EXPIRED);
      } else {
        disconnect(Disconnect.INVALID_TOKEN);
      }
      return;
    }
    if (who.isEmpty()) {
      refuse(id, ClientError.UNAUTHORIZED);
      return;
    }
    Identity known = who.get();
    // Held before others can find the participant: nothing comes before the reply.
    Consumer<@Nullable Frame> reply = guest.hold();
    identity = known;
    Optional<Refusal> refusal = guest.identify(known.id(), known.name(), known.attributes());
    if (refusal.isPresent()) {
      refused = true;
      reply.accept(form.frame(new Reply(id, Words.error(refusal.get()))));
      return;
    }
    if (!request.name().isEmpty()) {
      guest.joinFrames(); // all SDKs say what they are; who does not may be too simple for that
    }
    lease = good;
    heartbeat = new Heartbeat(now());
    awaited = reply;
    Runnable answer =
        () -> {
          reply.accept(form.frame(new Reply(id, connected(known, good, request))));
          awaited = null;
        };
    if (known.subs().isEmpty()) {
      answer.run();
    } else {
      tasks.add(answer); // subscribes, for which it has to be in turn
    }
  }

  private Reply.Connected connected(Identity known, Lease good, Request.Connect request) {
    return new Reply.Connected(
        guest.id(),
        VERSION,
        good.expiry(now()),
        Data.NONE,
        subscriptions.make(known.subs(), request.subs()),
        (int) Heartbeat.INTERVAL.toSeconds(),
        true,
        UUID.randomUUID().toString(),
        door.node);
  }

  private void refuse(long id, ClientError error) {
    refused = true;
    reply(id, error);
  }

  private void obey(Command command) {
    Request request = command.request();
    if (request instanceof Request.Connect) {
      disconnect(Disconnect.BAD_REQUEST);
      return;
    }
    Optional<Refusal> tooFast = guest.pace(request.says());
    ClientError refusal = tooFast.map(Words::error).orElse(request.refusal());
    if (request instanceof Request.Send send) {
      if (refusal == null) {
        requests.sent(send);
      }
    } else if (refusal != null) {
      reply(command.id(), refusal);
    } else {
      Reply.Outcome outcome =
          request instanceof Request.Subscribe subscribe
              ? subscriptions.subscribe(command.id(), subscribe)
              : request instanceof Request.Unsubscribe unsubscribe
                  ? subscriptions.unsubscribe(unsubscribe)
                  : request instanceof Request.Refresh refresh
                      ? refresh(refresh)
                      : request instanceof Request.SubRefresh refresh
                          ? subscriptions.refresh(refresh)
                          : requests.answer(request);
      if (outcome != null) {
        reply(command.id(), outcome);
      }
    }
  }

  private Reply.@Nullable Outcome refresh(Request.Refresh request) {
    Tokens tokens = door.tokens;
    if (request.token().isEmpty()) {
      return disconnect(Disconnect.BAD_REQUEST);
    }
    if (tokens == null) {
      return ClientError.NOT_AVAILABLE;
    }
    try {
      ConnectionToken token = tokens.connection(request.token(), door.wall.instant());
      if (!token.user().equals(user())) {
        return disconnect(Disconnect.INVALID_TOKEN);
      }
      Identity known = identity;
      if (known == null || !token.subs().keySet().equals(known.subs().keySet())) {
        return disconnect(Disconnect.INSUFFICIENT_STATE); // it comes back, and has them then
      }
      learn(Centrifuge.INFO, token.info());
      learn(Centrifuge.META, token.meta());
      Lease good = Lease.until(token.expireAt(), door.wall.instant(), now());
      lease = good;
      return new Reply.Refreshed(guest.id(), "", good.expiry(now()));
    } catch (TokenRefused refusal) {
      return disconnect(refusal.isExpired() ? Disconnect.EXPIRED : Disconnect.INVALID_TOKEN);
    }
  }

  /** Others are told from now on; where it is what it was, nobody is bothered. */
  private void learn(String attribute, Data data) {
    Participant who = guest.participant();
    if (!data.isEmpty() && !data.text().equals(who.attributes().get(attribute))) {
      who.update(attribute, data.text());
    }
  }

  /** Whom tokens have to name. */
  String user() {
    Identity known = identity;
    return known == null ? "" : known.user();
  }

  void reply(long id, Reply.Outcome outcome) {
    guest.send(form.frame(new Reply(id, outcome)));
  }

  /** Ends the connection; what was asked has no answer. */
  Reply.@Nullable Outcome disconnect(Disconnect why) {
    guest.end(Words.status(why));
    Consumer<@Nullable Frame> place = awaited;
    if (place != null) {
      place.accept(null); // or the close would wait behind it
    }
    return null;
  }

  @Override
  public Welcome brought() {
    return beginnings.brought();
  }

  @Override
  public Frame removed(Room room, CloseStatus why) {
    return subscriptions.removed(room, why);
  }

  @Override
  public void beat() {
    Duration now = now();
    Heartbeat beating = heartbeat;
    Lease good = lease;
    if (beating == null) {
      if (now.minus(openedAt).compareTo(PATIENCE) >= 0) {
        disconnect(Disconnect.STALE);
      }
    } else if (beating.isMissed(now)) {
      disconnect(Disconnect.NO_PONG);
    } else if (good != null && good.isOver(now)) {
      disconnect(Disconnect.EXPIRED);
    } else {
      if (beating.isDue(now)) {
        guest.send(form.frame(new Outgoing.Ping()));
      }
      subscriptions.beat(now);
    }
  }
}
