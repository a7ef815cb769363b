package dev.roomful.centrifuge;

import dev.roomful.CloseStatus;
import dev.roomful.Page;
import dev.roomful.Position;
import dev.roomful.Refusal;
import dev.roomful.Role;
import dev.roomful.Room;
import dev.roomful.dialect.Welcome;
import dev.roomful.transport.Frame;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The rooms that one client is in, and how it comes in and out. */
final class Subscriptions {
  private final Client client;
  private final Passes passes;

  /** Of those that expire. */
  private final Map<String, Lease> leases = new ConcurrentHashMap<>();

  Subscriptions(Client client) {
    this.client = client;
    this.passes = new Passes(client);
  }

  /** Answers by itself, in its place before what is said in the channel; null if it has. */
  Reply.@Nullable Outcome subscribe(long id, Request.Subscribe request) {
    String channel = request.channel();
    if (channel.isEmpty()) {
      return client.disconnect(Disconnect.BAD_REQUEST);
    }
    if (client.guest.isIn(channel)) {
      return ClientError.ALREADY_SUBSCRIBED;
    }
    Pass pass;
    try {
      pass =
          request.token().isEmpty()
              ? passes.asked(channel)
              : passes.shown(request.token(), channel, ClientError.PERMISSION_DENIED);
    } catch (Passes.Denied denied) {
      return answer(denied);
    }
    if (request.rejectUnrecovered() && request.recover() && cannotRecover(request, pass)) {
      return ClientError.UNRECOVERABLE_POSITION;
    }
    Optional<Refusal> refusal =
        join(
            request,
            pass,
            (arrival, missed, greeting) -> {
              Reply.Subscribed made =
                  client.beginnings.made(request, pass, arrival, missed, greeting);
              return client.beginnings.isSayable(made)
                  ? client.form.frame(new Reply(id, made))
                  : null;
            });
    return refusal.map(Words::error).orElse(null);
  }

  /** To one with somebody else's token it is the end. */
  private Reply.@Nullable Outcome answer(Passes.Denied denied) {
    return denied.answer == null ? client.disconnect(Disconnect.INVALID_TOKEN) : denied.answer;
  }

  private Optional<Refusal> join(Request.Subscribe request, Pass pass, Welcome welcome) {
    String channel = request.channel();
    keep(channel, pass.lease()); // before it can be thrown out again
    Optional<Refusal> refusal =
        client.guest.join(
            channel,
            request.recover() ? missed(channel, request.since()) : Page.nothing(),
            pass.role(),
            pass.terms().appearance(request.joinLeave()),
            welcome);
    if (refusal.isPresent()) {
      leases.remove(channel);
    }
    return refusal;
  }

  private void keep(String channel, Lease lease) {
    if (lease.ends()) {
      leases.put(channel, lease);
    } else {
      leases.remove(channel);
    }
  }

  /** Server-side subscriptions, for the reply to connect. */
  Map<String, Reply.Subscribed> make(
      Map<String, SubscriptionTerms> subs, Map<String, Request.Subscribe> wishes) {
    Map<String, Reply.Subscribed> all = new HashMap<>();
    subs.forEach(
        (channel, terms) -> {
          Pass pass = new Pass(Role.MEMBER, terms, new Lease(null));
          Request.Subscribe request = wish(channel, wishes.get(channel));
          var unused =
              join(
                  request,
                  pass,
                  (arrival, missed, greeting) -> {
                    Reply.Subscribed made =
                        client.beginnings.made(request, pass, arrival, missed, greeting);
                    if (client.beginnings.isSayable(made)) {
                      all.put(channel, made);
                    }
                    return null;
                  });
        });
    return all;
  }

  private static Request.Subscribe wish(String channel, Request.@Nullable Subscribe wish) {
    return new Request.Subscribe(
        channel,
        "",
        wish != null && wish.recover(),
        wish == null ? StreamPosition.START : wish.since(),
        Data.NONE,
        false,
        false,
        false,
        false,
        0,
        false);
  }

  /** Where nothing is recoverable nobody is refused for that; a room that is new has no past. */
  private boolean cannotRecover(Request.Subscribe request, Pass pass) {
    Room room = client.door.chat.room(request.channel()).orElse(null);
    if (room == null) {
      return !request.since().equals(StreamPosition.START);
    }
    return pass.terms().isRecoverable(room, request.recoverable())
        && room.history(missed(request.channel(), request.since()), client.guest.participant())
            .isEmpty();
  }

  /** What was missed since a client's position, whose epoch may be any word, or none. */
  private Page missed(String channel, StreamPosition since) {
    String epoch =
        since.epoch().isEmpty()
            ? client.door.chat.room(channel).map(room -> room.position().epoch()).orElse("_")
            : since.epoch();
    boolean possible = epoch.length() <= 32 && epoch.indexOf(':') < 0;
    return Page.since(new Position(possible ? epoch : "_", since.offset()));
  }

  private static Unsubscribed reason(CloseStatus why) {
    return why.reason().isEmpty()
        ? Unsubscribed.SERVER
        : new Unsubscribed(Unsubscribed.SERVER.code(), why.reason());
  }

  Frame removed(Room room, CloseStatus why) {
    leases.remove(room.name());
    return client.form.frame(new Push.Unsubscribe(room.name(), reason(why)));
  }

  Reply.@Nullable Outcome unsubscribe(Request.Unsubscribe request) {
    if (request.channel().isEmpty()) {
      return client.disconnect(Disconnect.BAD_REQUEST);
    }
    leave(request.channel());
    return new Reply.Left();
  }

  private boolean leave(String channel) {
    boolean was = client.guest.leave(channel);
    if (was) {
      leases.remove(channel);
    }
    return was;
  }

  Reply.@Nullable Outcome refresh(Request.SubRefresh request) {
    String channel = request.channel();
    if (channel.isEmpty()) {
      return client.disconnect(Disconnect.BAD_REQUEST);
    }
    if (!client.guest.isIn(channel)) {
      return ClientError.PERMISSION_DENIED;
    }
    if (client.door.tokens == null) {
      return ClientError.NOT_AVAILABLE;
    }
    if (request.token().isEmpty()) {
      return ClientError.BAD_REQUEST;
    }
    try {
      Lease lease = passes.shown(request.token(), channel, null).lease();
      keep(channel, lease);
      return new Reply.SubRefreshed(lease.expiry(client.now()));
    } catch (Passes.Denied denied) {
      if (ClientError.TOKEN_EXPIRED.equals(denied.answer)) {
        expire(channel); // ahead of the reply: the client comes back with a token that is good
      }
      return answer(denied);
    }
  }

  private void expire(String channel) {
    if (leave(channel)) {
      client.guest.send(client.form.frame(new Push.Unsubscribe(channel, Unsubscribed.EXPIRED)));
    }
  }

  void beat(Duration now) {
    leases.forEach(
        (channel, lease) -> {
          if (lease.isOver(now) && leases.remove(channel, lease)) {
            client.guest.inTurns(List.of(() -> expire(channel)));
          }
        });
  }
}
