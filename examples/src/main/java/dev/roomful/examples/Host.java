package dev.roomful.examples;

import dev.roomful.jakarta.JakartaChat;
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
      Host start(HttpServlet pages, JakartaChat chat, String host, int port) throws Exception {
        return new JettyHost(pages, chat, host, port);
      }
    },
    UNDERTOW {
      @Override
      Host start(HttpServlet pages, JakartaChat chat, String host, int port) throws Exception {
        return new UndertowHost(pages, chat, host, port);
      }
    };

    abstract Host start(HttpServlet pages, JakartaChat chat, String host, int port)
        throws Exception;

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
