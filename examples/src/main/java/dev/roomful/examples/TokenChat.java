package dev.roomful.examples;

import dev.roomful.Chat;
import dev.roomful.Limits;
import dev.roomful.Message;
import dev.roomful.Revocation;
import dev.roomful.Room;
import dev.roomful.RoomHandler;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.jakarta.JakartaChat;
import dev.roomful.jetty.JettyChat;
import dev.roomful.tokens.Tokens;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * A chat whose clients have tokens: a login gives the page a token for a minute, the page sends it
 * as its first message and renews it while it is connected, and a logout ends all connections of
 * the user.
 *
 * <pre>
 * java -cp chat-examples.jar dev.roomful.examples.TokenChat SECRET
 * </pre>
 *
 * <p>The secret has at least 32 bytes, such as {@code openssl rand -hex 32} prints. With a login
 * service in place of {@link Login}, the tokens are {@code Tokens.jwks(address)}.
 */
final class TokenChat implements AutoCloseable {
  private static final Duration LIFETIME = Duration.ofMinutes(1);
  private static final String RENEW = "/token ";

  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);

  /** Starts the program. */
  public static void main(String[] arguments) throws Exception {
    TokenChat running = new TokenChat(arguments[0], 8000);
    Runtime.getRuntime().addShutdownHook(new Thread(running::close)); // drains the chat
    System.out.println("open " + running.uri());
  }

  TokenChat(String secret, int port) throws Exception {
    Tokens tokens = Tokens.hs256(secret).withAudience("chat").withFirstMessage();
    Chat chat =
        Chat.builder(new Handler(tokens))
            .authenticator(
                handshake ->
                    tokens.authenticate(
                        handshake, token -> AcceptedAdmission.of(token.subject(), "lobby")))
            .limits(
                Limits.defaults()
                    .withDrainTime(Duration.ofSeconds(5))
                    .withReconnectDelay(Duration.ofSeconds(1)))
            .build();
    connector.setHost("127.0.0.1");
    connector.setPort(port);
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/", ServletContextHandler.SESSIONS);
    context.addServlet(new ServletHolder(new Login(secret, chat)), "/*");
    // Clients that show their token in a subprotocol offer "chat" and "token.…"; this is the first.
    JettyChat.mount(JakartaChat.of(chat, "/chat").withSubprotocols("chat"), context);
    server.setHandler(context);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/");
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception failure) {
      throw new IllegalStateException("the server did not stop", failure);
    }
  }

  /** Publishes what clients send, with their names; a new token is not for the others. */
  private record Handler(Tokens tokens) implements RoomHandler {
    @Override
    public void onMessage(Room room, Message message) {
      if (message.text().startsWith(RENEW)) {
        tokens
            .renew(message, message.text().substring(RENEW.length()))
            .ifRejected(rejection -> message.reply(RENEW + rejection.code()));
      } else {
        room.publish(message.withPayload(message.sender().name() + ": " + message.text()));
      }
    }
  }

  /** The login of an application: here everybody may choose a name. */
  private static final class Login extends HttpServlet {
    private static final long serialVersionUID = 1;
    private static final String USER = "user";

    private final String secret;
    private final transient Chat chat;

    Login(String secret, Chat chat) {
      this.secret = secret;
      this.chat = chat;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      if (request.getPathInfo().equals("/token")) {
        Optional<String> user = user(request);
        if (user.isEmpty()) {
          response.sendError(HttpServletResponse.SC_UNAUTHORIZED, "log in first");
          return;
        }
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("text/plain;charset=utf-8");
        response.getWriter().print(token(user.get()));
      } else {
        response.setContentType("text/html;charset=utf-8");
        response.getWriter().print(PAGE.replace("USER", user(request).orElse("")));
      }
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      if (request.getPathInfo().equals("/login")) {
        String user = request.getParameter(USER);
        if (user == null || !user.matches("[a-zA-Z0-9-]{1,30}")) {
          response.sendError(HttpServletResponse.SC_BAD_REQUEST, "a name has letters and digits");
          return;
        }
        request.getSession().setAttribute(USER, user);
      } else if (request.getPathInfo().equals("/logout")) {
        // Ends all connections of the user, on all devices, and what tokens would still allow.
        user(request)
            .ifPresent(user -> chat.revoke(Revocation.ofParticipant(user).withLifetime(LIFETIME)));
        request.getSession().invalidate();
      }
      response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    }

    private static Optional<String> user(HttpServletRequest request) {
      return Optional.ofNullable(request.getSession(false))
          .map(session -> (String) session.getAttribute(USER));
    }

    /** Signs a token for a name that needs no escapes in JSON. */
    private String token(String user) {
      long now = Instant.now().getEpochSecond();
      return Hs256.sign(
          secret,
          "{\"aud\":\"chat\",\"sub\":\"%s\",\"iat\":%d,\"exp\":%d,\"jti\":\"%s\"}"
              .formatted(user, now, now + LIFETIME.toSeconds(), UUID.randomUUID()));
    }
  }

  private static final String PAGE =
      """
      <!doctype html>
      <html lang="en">
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <title>Chat with tokens</title>
      <style>
        :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
        body { max-width: 40rem; margin: 2rem auto; padding: 0 1rem; }
        form { display: flex; gap: .5rem; }
        form[hidden] { display: none; }
        input { flex: 1; min-width: 0; }
        input, button { font: inherit; padding: .25rem .5rem; }
        ul { list-style: none; padding: 0; overflow-wrap: anywhere; }
      </style>
      <body data-user="USER">
      <h1>Chat with tokens</h1>
      <form id="login">
        <input name="user" aria-label="Name" placeholder="Name" required>
        <button>Log in</button>
      </form>
      <form id="chat" hidden>
        <input name="text" aria-label="Message" placeholder="Message" required autocomplete="off">
        <button>Send</button>
        <button type="button" id="logout">Log out</button>
      </form>
      <p id="state" role="status"></p>
      <ul id="lines" role="log"></ul>
      <script type="module">
        const user = document.body.dataset.user;
        const [login, chat, state, lines] =
            ["login", "chat", "state", "lines"].map((id) => document.getElementById(id));
        let socket;

        function show(connected, text) {
          login.hidden = connected || user !== "";
          chat.hidden = !connected;
          state.textContent = text;
        }

        async function token() {
          const response = await fetch("token");
          if (!response.ok) throw new Error(`no token: ${response.status}`);
          return response.text();
        }

        async function connect() {
          let first;
          try {
            first = await token();
          } catch (failure) {
            show(false, failure.message);
            setTimeout(connect, 5000);
            return;
          }
          const opened = new WebSocket(`${location.origin.replace("http", "ws")}/chat`);
          // The server requires a new token before the last one expires, after a minute.
          const renewal = setInterval(async () => opened.send(`/token ${await token()}`), 30_000);
          opened.onopen = () => {
            opened.send(first); // not in the address, which servers and proxies log
            show(true, `Connected as ${user}`);
          };
          opened.onmessage = ({ data }) => {
            const line = document.createElement("li");
            line.textContent = data;
            lines.append(line);
          };
          opened.onclose = ({ code, reason }) => {
            clearInterval(renewal);
            show(false, `Disconnected: ${code} ${reason}`);
            if (code === 4009) return; // logged out
            const restart = /^restarting, reconnect after (\\d+) ms$/.exec(reason);
            setTimeout(connect, restart ? Number(restart[1]) : 1000 + 4000 * Math.random());
          };
          socket = opened;
        }

        login.onsubmit = async (event) => {
          event.preventDefault();
          await fetch("login", { method: "POST", body: new URLSearchParams(new FormData(login)) });
          location.reload();
        };
        chat.onsubmit = (event) => {
          event.preventDefault();
          socket.send(chat.text.value);
          chat.reset();
        };
        document.getElementById("logout").onclick = async () => {
          await fetch("logout", { method: "POST" });
          location.reload();
        };
        show(false, "");
        if (user) connect();
      </script>
      </html>
      """;
}
