"""Names for up to twenty thousand invented people: first and last names that often go together."""

from typing import NamedTuple


class NameGroup(NamedTuple):
    """First and last names, separated by spaces.

    A person mostly takes both from one group, sometimes from two, as people do who marry or whose parents came from
    two places.
    """

    firsts: str
    lasts: str


NAME_GROUPS = (
    NameGroup(
        "Ada Bonnie Carla Dana Edith Gretchen Hollis Ingrid Joanne Kendra Lorna Maren Nell Odette Paige "
        "Rosalind Susannah Tess Wanda Amos Byron Clint Dwight Elliot Foster Gareth Hank Ira Jasper Kermit "
        "Lowell Milo Nolan Otis Preston Rhett Silas Thad Vernon Walt",
        "Abernathy Birdsall Coldwell Dunleavy Eastlake Farnham Gilchrist Hathaway Ingersoll Jessup Kirkbride "
        "Lathrop Merriweather Northcutt Oglesby Pemberton Quimby Ransdell Stoddard Thackeray Upshaw Vanderhoof "
        "Whitlock Yarbrough Ackley Bramwell Cutler Drummond Ellsworth Fairbank",
    ),
    NameGroup(
        "Alma Beatriz Celeste Dolores Esperanza Fabiola Graciela Iris Jimena Lourdes Maribel Noemi Pilar Rocio "
        "Sofia Ximena Yolanda Arturo Benicio Camilo Domingo Efrain Felipe Gonzalo Hector Ignacio Joaquin "
        "Leandro Mateo Nestor Octavio Rafael Saul Tomas Ulises",
        "Aguirre Barrientos Carrasco Dominguez Echeverria Fierro Gallardo Hinojosa Ibarra Jaramillo Lucero "
        "Maldonado Navarrete Ocampo Pacheco Quintanilla Rentería Saldívar Terrazas Urrutia Valenzuela Zamarripa "
        "Arellano Bustamante Cisneros Escamilla",
    ),
    NameGroup(
        "Aaliyah Bettye Charlene Denisha Earlene Felicia Geneva Imani Jocelyn Keisha Latrice Monique Nyla "
        "Renita Shonda Tamika Vernice Alonzo Booker Cedric Darnell Elijah Fredrick Isaiah Jerome Kelvin Lamont "
        "Marcus Odell Reginald Terrence Tyrell Winston",
        "Ashford Battle Crutchfield Dixon-Hale Easley Frazier Gaines Hightower Ivory Jernigan Kinsey Lyles "
        "Mayfield Neblett Outlaw Pettway Rainey Spearman Toliver Underwood Vaughn Whitfield Yancey Bolden "
        "Chatmon Dorsey",
    ),
    NameGroup(
        "Adaeze Bukola Chiamaka Folake Ifeoma Kemi Ngozi Renata Simisola Temi Yewande Abena Efua Chidi Dayo "
        "Emeka Femi Ikenna Kelechi Obinna Segun Tunde Uche Kofi Kwabena Yaw",
        "Adeyemi Balogun Chukwu Dike Ezeani Fashola Igwe Kalu Mbanefo Nwosu Okafor Olaniyan Onyekachi Sowande "
        "Uzoma Asante Boateng Mensah Owusu Quaye Abebe Tesfaye Wolde Kamau Njoroge Wanjiru",
    ),
    NameGroup(
        "Anjali Bhavna Chitra Deepa Gauri Indira Kavita Lakshmi Meenakshi Nandini Padma Rekha Shalini Usha "
        "Vidya Arjun Bharat Dev Gopal Harish Karthik Mohan Naveen Prakash Rajiv Sandeep Suresh Tarun Vikram "
        "Yash",
        "Acharya Bhattacharya Chaudhuri Deshmukh Ganesan Iyengar Jagannathan Kulkarni Malhotra Natarajan Parekh "
        "Raghunathan Saxena Subramanian Thakkar Upadhyay Venkatesan Bajwa Dhillon Gill Sandhu Qureshi Siddiqui",
    ),
    NameGroup(
        "Ailin Baozhai Hui Jia Lihua Meiling Ning Qiuyue Shu Wenyi Xiaoling Yun Bowen Cheng Deming Guowei "
        "Haoran Jianguo Kaiwen Lei Minghao Peng Ruilin Shaoqi Weimin Zhen Grace Vivian Calvin Raymond",
        "Bai Cao Deng Fong Guo Hsieh Jiang Kwok Lau Mak Ouyang Peng Qian Shen Tsai Wen Xie Yeung Zhou Chiang "
        "Fan Hwang Lo Tang",
    ),
    NameGroup(
        "Akiko Chiyo Emi Hanae Kazue Michiko Noriko Reiko Sachiko Tomoe Daisuke Hideo Isamu Kenta Makoto Noboru "
        "Ryota Shinji Boram Eunji Haneul Jiwon Minseo Soojin Yuna Byung Dongwoo Hyunwoo Jaehyun Sangmin",
        "Aoki Fukuda Hayashida Inouye Kaneshiro Matsuda Nakagawa Okubo Sakamoto Takeda Uchida Yamane Ahn Bae "
        "Cho Hahn Im Jang Kwon Noh Ryu Seo Yoon Chung",
    ),
    NameGroup(
        "Anh Bich Cam Diep Hanh Kieu Linh Mai Ngoc Phuong Thuy Tuyet Binh Cuong Duc Hieu Khoa Long Minh Quang "
        "Tam Vinh Amihan Corazon Dalisay Ligaya Marisol Teresita Bayani Crisanto Danilo Ramil",
        "Banh Chau Dinh Doan Huynh Lam Luong Ngo Pham Phan Quach Thai Truong Vo Vuong Aquino-Reyes Bautista "
        "Catapang Dimaculangan Evangelista Lacson Manalo Salonga Tolentino",
    ),
    NameGroup(
        "Amira Dalia Farah Hala Inas Layla Maysa Nadia Rania Samira Yasmin Zeina Adel Bashir Faris Ghassan Hadi "
        "Jamal Karim Marwan Nabil Rashid Tariq Ziad Azadeh Laleh Mahnaz Parisa Behrouz Dariush Kamran Siavash",
        "Abboud Barakat Chehab Daher Fakhoury Ghanem Haddad Issa Jabbour Khoury Mansour Nassar Qasim Rahal Saab "
        "Tannous Zeidan Amini Farahani Golshani Hosseini Kermani Tehrani Yazdani",
    ),
    NameGroup(
        "Agnieszka Bozena Danuta Halina Katarzyna Malgorzata Olena Svetlana Zuzana Bogdan Dmitri Grzegorz Janek "
        "Lubos Mirek Pavel Stefan Vasyl Astrid Birgit Dagny Freja Liv Solveig Anders Einar Gunnar Leif Soren "
        "Torsten",
        "Bielski Czarnecki Dvorak Gorski Hlavacek Jankowski Kovalenko Lisowski Marchenko Novotny Ostrowski "
        "Petrenko Shevchuk Tkachenko Wasik Zielinski Aalto Berglund Dahlgren Ekholm Halvorsen Lindqvist Nygaard "
        "Sandvik Thorsen Winther",
    ),
    NameGroup(
        "Aiyana Chenoa Dena Halona Kaya Leotie Nizhoni Sahkyo Tallulah Winona Ahiga Chayton Dakota Hototo "
        "Kohana Lonan Niyol Takoda Keala Leilani Malia Noelani Pualani Kaleo Kimo Makana Nalu Tevita Sione Mele",
        "Begaye Cloudwalker Deschenie Goodvoice Longhollow Manygoats Nez Redfeather Tallhorse Tsosie Whitewater "
        "Yellowhair Akana Kahananui Kealoha Mahoe Nakoa Palakiko Fifita Latu Tuiasosopo Vea",
    ),
    NameGroup(
        "Annalisa Bernadette Chiara Donatella Elisabetta Fiorella Giulia Ilaria Lucia Mireille Noelle Oceane "
        "Sabine Vittoria Adrien Bastien Corrado Dario Emile Fabrizio Gaspard Luca Marcel Niccolo Pascal Rocco "
        "Saverio Tullio Niamh Orla Roisin Saoirse Cormac Declan Eamon Fergus",
        "Amato Bellandi Castellano DiNapoli Esposito Ferrante Gallo Iannuzzi Lombardi Marchetti Palermo Rinaldi "
        "Santoro Tedesco Beauchamp Charbonneau Delacroix Fontaine Guidry Lavoie Thibodeaux Brannigan Cassidy "
        "Devlin Fitzsimmons Gallagher Hanrahan Kinsella McAllister O'Dowd",
    ),
)
