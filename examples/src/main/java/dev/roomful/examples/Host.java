package dev.roomful.examples;

import dev.roomful.Chat;
import jakarta.servlet.http.HttpServlet;
import java.net.URI;

/** A running server with a page and a chat. */
interface Host extends AutoCloseable {
  URI uri();

  /** Closes the chat, then stops the server. */
  @Override
  void close();

  /** The two servers, each set up by hand as an application would. */
  enum Kind {
    JETTY {
      @Override
      Host start(HttpServlet pages, Chat chat, String path, String host, int port)
          throws Exception {
        return new JettyHost(pages, chat, path, host, port);
      }
    },
    UNDERTOW {
      @Override
      Host start(HttpServlet pages, Chat chat, String path, String host, int port)
          throws Exception {
        return new UndertowHost(pages, chat, path, host, port);
      }
    };

    abstract Host start(HttpServlet pages, Chat chat, String path, String host, int port)
        throws Exception;

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
