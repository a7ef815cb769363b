package dev.roomful.centrifuge;

import dev.roomful.Admission;
import dev.roomful.Entry;
import dev.roomful.Refusal;
import dev.roomful.Role;
import org.jspecify.annotations.Nullable;

/** What lets one client into rooms: the word of the doorman, or of a subscription token. */
final class Passes {
  private final Client client;

  Passes(Client client) {
    this.client = client;
  }

  /** The doorman's word, which stands for this room only. */
  Pass asked(String channel) throws Denied {
    Asking asking = client.asking.into(channel);
    if (client.door.tokens != null || client.door.anonymous) {
      asking = asking.by(client.guest.participant().id());
    }
    Admission admission = client.door.chat.foyer().ask(asking);
    if (admission instanceof Refusal refusal) {
      throw new Denied(Words.error(refusal));
    }
    Entry entry = (Entry) admission;
    if (!entry.room().equals(channel)) {
      throw new Denied(ClientError.PERMISSION_DENIED);
    }
    return new Pass(entry.role(), SubscriptionTerms.USUAL, new Lease(null));
  }

  /**
   * A subscription token's word.
   *
   * @param bad the answer to one that is not good; null to disconnect
   */
  Pass shown(String token, String channel, @Nullable ClientError bad) throws Denied {
    Tokens tokens = client.door.tokens;
    if (tokens == null) {
      throw new Denied(bad);
    }
    try {
      SubscriptionToken good = tokens.subscription(token, client.door.wall.instant());
      if (!good.user().equals(client.user())
          || !good.channel().equals(channel)
          || !(good.client().isEmpty() || good.client().equals(client.guest.id()))) {
        throw new Denied(null);
      }
      Lease lease = Lease.until(good.expireAt(), client.door.wall.instant(), client.now());
      return new Pass(Role.MEMBER, good.terms(), lease);
    } catch (TokenRefused refusal) {
      throw new Denied(refusal.isExpired() ? ClientError.TOKEN_EXPIRED : bad);
    }
  }

  /** Nobody comes in. */
  static final class Denied extends Exception {
    private static final long serialVersionUID = 1;

    final transient @Nullable ClientError answer;

    /** With null, for good: the token is somebody else's. */
    private Denied(@Nullable ClientError answer) {
      super(null, null, false, false);
      this.answer = answer;
    }
  }
}
