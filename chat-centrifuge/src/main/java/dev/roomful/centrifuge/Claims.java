package dev.roomful.centrifuge;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The claims of a token whose signature is good. Those that mean nothing here are skipped. */
final class Claims {
  private final Members members;
  private final Terms terms = new Terms();
  private String subject = "";
  private String channel = "";
  private String client = "";
  private String issuer = "";
  private final Set<String> audience = new LinkedHashSet<>();
  private final List<String> channels = new ArrayList<>();
  private final Map<String, SubscriptionTerms> subs = new HashMap<>();
  private Data meta = Data.NONE;
  private @Nullable Long expires;
  private @Nullable Long notBefore;
  private @Nullable Long expireAt;

  private Claims(Members members) {
    this.members = members;
  }

  static Claims read(String json) throws TokenRefused {
    char[] text = json.toCharArray();
    try (Members members = new Members(text, 0, text.length)) {
      Claims claims = new Claims(members);
      members.document(claims::take);
      return claims;
    } catch (Malformed e) {
      throw TokenRefused.invalid("its claims have " + e.getMessage());
    }
  }

  private void take(String name) throws Malformed {
    switch (name) {
      case "sub" -> subject = members.string();
      case "iss" -> issuer = members.string();
      case "aud" -> readAudience();
      case "exp" -> expires = members.seconds();
      case "nbf" -> notBefore = members.seconds();
      case "expire_at" -> expireAt = members.seconds();
      case "channel" -> channel = members.string();
      case "client" -> client = members.string();
      case "meta" -> meta = members.data();
      case "channels" -> members.array(name, each -> channels.add(members.string()));
      case "subs" -> members.object(each -> subs.put(members.whole(each), terms()));
      default -> terms.take(name);
    }
  }

  /** RFC 7519 section 4.1.3: one string, or an array of them. */
  private void readAudience() throws Malformed {
    if (members.isArray()) {
      members.array("aud", each -> audience.add(members.string()));
    } else {
      audience.add(members.string());
    }
  }

  private SubscriptionTerms terms() throws Malformed {
    Terms of = new Terms();
    members.object(of::take);
    return of.terms();
  }

  String issuer() {
    return issuer;
  }

  Set<String> audience() {
    return audience;
  }

  /**
   * Checks {@code exp} and {@code nbf}. A token that is too early counts as expired, as it does in
   * Centrifugo: the client tries again with another one.
   */
  void checkTime(long now) throws TokenRefused {
    if (expires != null && now >= expires) {
      throw TokenRefused.expired("it has expired");
    }
    if (notBefore != null && now < notBefore) {
      throw TokenRefused.expired("it is not good yet");
    }
  }

  ConnectionToken connection() throws TokenRefused {
    if (!channel.isEmpty()) {
      throw TokenRefused.invalid("it is for a subscription, not for a connection");
    }
    if (subs.isEmpty()) {
      channels.forEach(each -> subs.put(each, SubscriptionTerms.USUAL));
    }
    return new ConnectionToken(subject, end(), terms.info, meta, subs);
  }

  SubscriptionToken subscription() throws TokenRefused {
    if (channel.isEmpty()) {
      throw TokenRefused.invalid("it names no channel, as one for a subscription does");
    }
    return new SubscriptionToken(subject, channel, client, end(), terms.terms());
  }

  /** What the token is for ends when it says so, else with the token itself. */
  private long end() {
    return expireAt != null ? expireAt : expires != null ? expires : 0;
  }

  /** The terms of a subscription while its claims come in, in any order. */
  private final class Terms {
    private Data info = Data.NONE;
    private Data data = Data.NONE;
    private boolean infoInBase64;
    private boolean dataInBase64;
    private final Map<String, Boolean> override = new HashMap<>();

    void take(String name) throws Malformed {
      switch (name) {
        case "info" -> info = infoInBase64 ? info : members.data();
        case "data" -> data = dataInBase64 ? data : members.data();
        case "b64info" -> {
          info = base64();
          infoInBase64 = true;
        }
        case "b64data" -> {
          data = base64();
          dataInBase64 = true;
        }
        case "override" ->
            members.object(
                option ->
                    members.object(
                        value -> {
                          if (value.equals("value")) {
                            override.put(option, members.bool());
                          }
                        }));
        default -> {}
      }
    }

    private Data base64() throws Malformed {
      try {
        return Data.of(Base64.getDecoder().decode(members.string()));
      } catch (IllegalArgumentException e) {
        throw members.malformed("no Base64");
      }
    }

    SubscriptionTerms terms() {
      return new SubscriptionTerms(
          info,
          data,
          override.get("presence"),
          override.get("join_leave"),
          override.get("force_push_join_leave"),
          override.get("force_recovery"),
          override.get("force_positioning"));
    }
  }
}
