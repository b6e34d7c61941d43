// A member of a cluster of hashicorp/memberlist with its settings for a LAN, which tells what it learns as lines of JSON.
//
//	memberlist-go NAME BIND_ADDR [SEED...]
//
// It tries the seeds until one answers, as its users do at a start, and then never again.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/hashicorp/memberlist"
)

// How long a member tells the others that it leaves, at most.
const leaveLimit = 2 * time.Second

// teller prints one event a line.
type teller struct {
	lock sync.Mutex
}

func (t *teller) tell(event string, member string) {
	t.lock.Lock()
	defer t.lock.Unlock()
	line, err := json.Marshal(map[string]string{
		"event":  event,
		"member": member,
		"time":   time.Now().UTC().Format(time.RFC3339Nano),
	})
	if err == nil {
		fmt.Println(string(line))
	}
}

func (t *teller) NotifyJoin(node *memberlist.Node)   { t.tell("join", node.Name) }
func (t *teller) NotifyUpdate(node *memberlist.Node) { t.tell("update", node.Name) }

func (t *teller) NotifyLeave(node *memberlist.Node) {
	if node.State == memberlist.StateLeft {
		t.tell("left", node.Name)
	} else {
		t.tell("dead", node.Name)
	}
}

// Write takes the lines of memberlist's log: suspicions are told nowhere else.
func (t *teller) Write(line []byte) (int, error) {
	text := string(line)
	if _, rest, found := strings.Cut(text, "memberlist: Suspect "); found {
		name, _, _ := strings.Cut(rest, " ")
		t.tell("suspect", name)
	}
	if _, err := io.WriteString(os.Stderr, text); err != nil {
		return 0, err
	}
	return len(line), nil
}

func settings(name string, bind string, told *teller) (*memberlist.Config, error) {
	host, portText, err := net.SplitHostPort(bind)
	if err != nil {
		return nil, err
	}
	port, err := strconv.Atoi(portText)
	if err != nil {
		return nil, err
	}
	config := memberlist.DefaultLANConfig()
	config.Name = name
	config.BindAddr = host
	config.BindPort = port
	config.AdvertisePort = port
	config.Events = told
	config.Logger = log.New(told, "", 0)
	return config, nil
}

func join(list *memberlist.Memberlist, seeds []string) {
	for len(seeds) > 0 {
		if count, _ := list.Join(seeds); count > 0 {
			return
		}
		time.Sleep(time.Second)
	}
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: memberlist-go NAME BIND_ADDR [SEED...]")
		os.Exit(2)
	}
	told := &teller{}
	config, err := settings(os.Args[1], os.Args[2], told)
	if err != nil {
		log.Fatal(err)
	}
	list, err := memberlist.Create(config)
	if err != nil {
		log.Fatal(err)
	}
	told.tell("ready", config.Name)
	go join(list, os.Args[3:])

	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	<-signals
	if err := list.Leave(leaveLimit); err != nil {
		log.Print(err)
	}
}
